//! The rules of a job's lines. Writing a line edits its job.

mod comment;
mod labour;
mod stock;

pub(super) use self::stock::set_stock;
use super::input::Input;
use super::refusal::Refusal;

fn require<'a>(fields: &'a [Input], name: &str) -> Result<&'a Input, Refusal> {
    fields
        .iter()
        .find(|field| field.name == name)
        .ok_or_else(|| Refusal::invalid("field-required", format!("{name} is required.")))
}

fn find<'a, Line>(
    lines: &'a mut [Line],
    is_it: impl Fn(&Line) -> bool,
    what: &str,
    no: i64,
    id: i64,
) -> Result<&'a mut Line, Refusal> {
    lines
        .iter_mut()
        .find(|line| is_it(line))
        .ok_or_else(|| Refusal::not_found(what, format!("{no}-{id}")))
}
