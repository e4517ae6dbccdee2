//! Products and stock.

use super::{By, Doubt, Link, Matched, Settled, by_key};

/// A product of Autotask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::connect) struct Product {
    /// Its id.
    pub(in crate::connect) id: i64,
    /// Its name.
    pub(in crate::connect) name: String,
    /// What stands in `externalProductID`.
    pub(in crate::connect) external: String,
    /// What stands in `sku`.
    pub(in crate::connect) sku: String,
}

/// A stock record of Jim2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::connect) struct Stock {
    /// Stock#.
    pub(in crate::connect) no: i64,
    /// Its code.
    pub(in crate::connect) code: String,
}

/// Links products by the stock number that they name, else by the stock code in their SKU or external ID. A product that
/// has neither is nobody's business: not everything that is sold lies in stock.
pub(in crate::connect) fn stock(
    products: &[Product],
    stock: &[Stock],
    settled: &Settled,
) -> Matched {
    let by_no = by_key(stock, |one| Some(one.no));
    let by_code = by_key(stock, |one| code(&one.code));
    let mut matched = Matched::default();
    let open = |product: &&Product| !settled.autotask.contains(&product.id);
    for product in products.iter().filter(open) {
        let named = worker_stock::named(&product.external).and_then(|id| id.number());
        let found = match named {
            Some(no) => by_no.get(&no).map(|places| (places, By::Reference)),
            None => [&product.sku, &product.external]
                .into_iter()
                .find_map(|text| by_code.get(&code(text)?))
                .map(|places| (places, By::Code)),
        };
        let Some((places, by)) = found else {
            continue;
        };
        let free: Vec<String> = places
            .iter()
            .map(|place| stock[*place].no.to_string())
            .filter(|no| !settled.jim2.contains(no))
            .collect();
        match free.as_slice() {
            [] => {}
            [one] => matched.links.push(Link {
                autotask: product.id,
                jim2: one.clone(),
                label: product.name.clone(),
                generation: 1,
                by,
            }),
            several => matched.doubts.push(Doubt {
                autotask: Some(product.id),
                name: product.name.clone(),
                why: format!("{} stock records have its code", several.len()),
                candidates: free,
            }),
        }
    }
    matched.without_doubles()
}

/// A code without letter case and outer spaces.
fn code(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(id: i64, external: &str, sku: &str) -> Product {
        Product {
            id,
            name: format!("Product {id}"),
            external: external.to_owned(),
            sku: sku.to_owned(),
        }
    }

    fn matched(products: &[Product], settled: &Settled) -> Vec<(i64, String, By)> {
        let all = [(7, "SSD.1TB"), (8, "7"), (9, "CABLE")];
        let all = all.map(|(no, code)| Stock {
            no,
            code: code.to_owned(),
        });
        let links = stock(products, &all, settled).links.into_iter();
        links
            .map(|link| (link.autotask, link.jim2, link.by))
            .collect()
    }

    #[test]
    fn a_product_is_linked_by_the_number_it_names_else_by_the_code_and_never_by_a_bare_number() {
        let products = [
            product(1, "Jim2 7", "CABLE"),
            product(2, "7", ""),
            product(3, "dist-44", " cable "),
            product(4, "", "OTHER"),
            product(5, "Jim2 4711", "SSD.1TB"),
        ];
        assert_eq!(
            matched(&products, &Settled::default()),
            [
                (1, "7".to_owned(), By::Reference),
                (2, "8".to_owned(), By::Code),
                (3, "9".to_owned(), By::Code),
            ]
        );
    }

    #[test]
    fn two_products_of_one_code_are_left_to_a_person_and_pairs_are_left_alone() {
        let products = [product(1, "", "CABLE"), product(2, "", "CABLE")];
        let none = matched(&products, &Settled::default());
        assert_eq!(none, []);
        let settled = Settled {
            autotask: [1].into(),
            jim2: ["9".to_owned()].into(),
        };
        assert_eq!(matched(&products, &settled), []);
    }
}
