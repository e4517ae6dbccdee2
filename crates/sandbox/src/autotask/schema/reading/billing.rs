//! The tables of what is bought, offered, sold, agreed on, billed and looked after.

/// The fields of such an entity.
pub(super) fn table_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "billing_items" => include_str!("../tables/billing_items.txt"),
        "configuration_items" => include_str!("../tables/configuration_items.txt"),
        "contract_blocks" => include_str!("../tables/contract_blocks.txt"),
        "contract_charges" => include_str!("../tables/contract_charges.txt"),
        "contract_milestones" => include_str!("../tables/contract_milestones.txt"),
        "contract_retainers" => include_str!("../tables/contract_retainers.txt"),
        "contract_service_adjustments" => {
            include_str!("../tables/contract_service_adjustments.txt")
        }
        "contract_service_units" => include_str!("../tables/contract_service_units.txt"),
        "contract_services" => include_str!("../tables/contract_services.txt"),
        "contracts" => include_str!("../tables/contracts.txt"),
        "expense_items" => include_str!("../tables/expense_items.txt"),
        "expense_reports" => include_str!("../tables/expense_reports.txt"),
        "inventory_items" => include_str!("../tables/inventory_items.txt"),
        "inventory_locations" => include_str!("../tables/inventory_locations.txt"),
        "inventory_products" => include_str!("../tables/inventory_products.txt"),
        "inventory_stocked_items" => include_str!("../tables/inventory_stocked_items.txt"),
        "inventory_stocked_items_add" => {
            include_str!("../tables/inventory_stocked_items_add.txt")
        }
        "inventory_stocked_items_remove" => {
            include_str!("../tables/inventory_stocked_items_remove.txt")
        }
        "invoices" => include_str!("../tables/invoices.txt"),
        "opportunities" => include_str!("../tables/opportunities.txt"),
        "products" => include_str!("../tables/products.txt"),
        "project_charges" => include_str!("../tables/project_charges.txt"),
        "purchase_order_item_receiving" => {
            include_str!("../tables/purchase_order_item_receiving.txt")
        }
        "purchase_order_items" => include_str!("../tables/purchase_order_items.txt"),
        "purchase_orders" => include_str!("../tables/purchase_orders.txt"),
        "quote_items" => include_str!("../tables/quote_items.txt"),
        "quote_locations" => include_str!("../tables/quote_locations.txt"),
        "quotes" => include_str!("../tables/quotes.txt"),
        "service_bundles" => include_str!("../tables/service_bundles.txt"),
        "services" => include_str!("../tables/services.txt"),
        "shipping_types" => include_str!("../tables/shipping_types.txt"),
        "tax_categories" => include_str!("../tables/tax_categories.txt"),
        "ticket_charges" => include_str!("../tables/ticket_charges.txt"),
        _ => return None,
    })
}
