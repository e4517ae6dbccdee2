//! What a site can choose of stock.

use sync::{Choices, Filter, Holds, Setting};

pub(super) const CHOICES: Choices = Choices {
    kind: "stock",
    filters: FILTERS,
    settings: SETTINGS,
    ..Choices::NONE
};

const FILTERS: &[Filter] = &[Filter {
    default: "none: no products are made",
    ..Filter::of_jim2(
        "groups",
        "groups of stock of which products are made",
        "stockGroup",
    )
}];

const SETTINGS: &[Setting] = &[
    Setting::new(
        "stock.price_level",
        Holds::Text,
        "none: prices of products stay as they are",
        "the price level of Jim2 whose price without GST products get",
    ),
    Setting::new(
        "stock.tax_code",
        Holds::Text,
        "any",
        "the letter of the tax code whose price is meant, where a level has prices of several",
    ),
    Setting::new(
        "stock.cost",
        Holds::OneOf(&["last", "average", "none"]),
        "last",
        "which cost of stock products get; none: theirs stays",
    ),
    Setting::new(
        "stock.decimals",
        Holds::Number(None),
        "4",
        "how many decimals Autotask keeps of prices and costs of products, at most 4",
    ),
    Setting::new(
        "stock.locations",
        Holds::Text,
        "all, as one number",
        "the locations of Jim2 whose stock is told, with their names: 1=Sydney, 2=Melbourne",
    ),
    Setting::new(
        "stock.location_udfs",
        Holds::Text,
        "none",
        "fields of products for single locations: 1=Available in Sydney",
    ),
    Setting::new(
        "stock.inventory",
        Holds::OneOf(&["items", "products"]),
        "items; crossbill connect finds out which a tenant has",
        "what Autotask counts the pieces of products with: inventory items or inventory products",
    ),
    Setting::new(
        "stock.inventory_vendor",
        Holds::Number(None),
        "none: pieces of products without a default vendor are not moved",
        "whom pieces come from in Autotask (number of a company), where the product has no default vendor",
    ),
    Setting::new(
        "stock.inventory_cost_using",
        Holds::Number(None),
        "4",
        "how Autotask takes the cost of pieces that come (determineCostUsing): 4 is taken to be the cost that is sent",
    ),
    Setting::new(
        "stock.inventory_price_using",
        Holds::Number(None),
        "3",
        "what becomes of a product's price when pieces come (determineNewPriceUsing): 3 is taken to leave it as it is",
    ),
    Setting::new(
        "stock.inventory_reason",
        Holds::Text,
        "As counted in Jim2",
        "the reason that is given for pieces that come or go",
    ),
    Setting::new(
        "default.product_billing_code",
        Holds::Number(None),
        Setting::HELD,
        "the material billing code (id) of products made of stock",
    ),
    Setting::new(
        "default.product_serialized",
        Holds::Switch,
        "off",
        "whether products made of stock have serial numbers",
    ),
    Setting::new(
        "udf.availability",
        Holds::Text,
        "Jim2 availability",
        "the field of products with what can be sold of their stock at the chosen locations",
    ),
];
