//! What can be wrong with a document, most of all with JSON.

use super::chance::Chance;

type Damage = fn(&mut Chance, &mut Vec<u8>, &[u8]);

/// Every kind of damage. What leaves JSON whole is there more often: it gets further.
pub(super) const DAMAGES: [Damage; 14] = [
    other_byte,
    cut_short,
    less,
    more,
    piece_of_another,
    other_value,
    other_value,
    other_value,
    other_element,
    other_element,
    other_digits,
    member_twice,
    member_twice,
    deeper,
];

/// Deep enough to end whoever goes down with it level by level.
const DEPTH: usize = 1_500;

/// Values that a careless reader stumbles over.
const ODD: [&[u8]; 38] = [
    b"null",
    b"true",
    b"[]",
    b"{}",
    b"[null]",
    b"\"\"",
    b"\" \"",
    b"0",
    b"-0",
    b"-1",
    b"7.5",
    b"1e3",
    b"1e999",
    b"1e-999",
    b"0.10",
    b"0.12345678901234567890123456789012345",
    b"1.00000000000000000000000000000000001",
    b"9007199254740993",
    b"9223372036854775807",
    b"9223372036854775808",
    b"-9223372036854775808",
    b"79228162514264337593543950335",
    b"79228162514264337593543950336.5",
    b"\"\\ud800\"",
    b"\"\\u0000\"",
    b"\"e\\u0301\\u202e\"",
    b"\"7001 \"",
    b"\"+7\"",
    b"\"\xff\xfe\"",
    b"\"-262143-01-01T00:00:00\"",
    b"\"+262142-12-31T23:59:59.999\"",
    b"\"0000-12-31T23:59:60Z\"",
    b"\"2026-02-30T25:61:61\"",
    b"\"/Date(-8334601228800000)/\"",
    b"\"/Date(8210266876799999+1100)/\"",
    b"\"https://elsewhere.example/api/v1/../../x?y\"",
    b"<html>",
    b"NaN",
];

fn other_byte(chance: &mut Chance, document: &mut Vec<u8>, _: &[u8]) {
    let at = chance.below(document.len());
    let after = (at + 1).min(document.len());
    document.splice(at..after, [chance.byte()]);
}

fn cut_short(chance: &mut Chance, document: &mut Vec<u8>, _: &[u8]) {
    document.truncate(chance.below(document.len()));
}

fn less(chance: &mut Chance, document: &mut Vec<u8>, _: &[u8]) {
    let (from, to) = span(chance, document);
    document.drain(from..to);
}

fn more(chance: &mut Chance, document: &mut Vec<u8>, _: &[u8]) {
    let (from, to) = span(chance, document);
    let again = document[from..to].to_vec();
    document.splice(to..to, again);
}

fn piece_of_another(chance: &mut Chance, document: &mut Vec<u8>, other: &[u8]) {
    let (from, to) = span(chance, other);
    let at = chance.below(document.len());
    document.splice(at..at, other[from..to].iter().copied());
}

/// The value of a member makes place for another one.
fn other_value(chance: &mut Chance, document: &mut Vec<u8>, _: &[u8]) {
    if let Some((_, from, to)) = member(chance, document) {
        document.splice(from..to, chance.of(&ODD).iter().copied());
    }
}

/// An element of a list makes place for another one.
fn other_element(chance: &mut Chance, document: &mut Vec<u8>, _: &[u8]) {
    let start = chance.below(document.len());
    let begins = |byte: &u8| matches!(byte, b'[' | b',');
    let from = document[start..].iter().position(begins);
    let Some(from) = from.map(|at| start + at + 1) else {
        return;
    };
    if let Some(to) = end_of_value(document, from)
        && matches!(document.get(to), Some(b',' | b']'))
    {
        document.splice(from..to, chance.of(&ODD).iter().copied());
    }
}

/// Some digits in a row become others, and more or fewer.
fn other_digits(chance: &mut Chance, document: &mut Vec<u8>, _: &[u8]) {
    let start = chance.below(document.len());
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let Some(from) = document[start..].iter().position(is_digit) else {
        return;
    };
    let from = start + from;
    let digits = document[from..].iter().take_while(|byte| is_digit(byte));
    let to = from + digits.count();
    let others: Vec<u8> = (0..chance.below(40))
        .map(|_| b'0' + chance.byte() % 10)
        .collect();
    document.splice(from..to, others);
}

/// A member of an object stands there twice, with another value and perhaps in other letters.
fn member_twice(chance: &mut Chance, document: &mut Vec<u8>, _: &[u8]) {
    let Some((name, _, to)) = member(chance, document) else {
        return;
    };
    let mut again = b",".to_vec();
    again.extend(match chance.below(3) {
        0 => document[name.0..name.1].to_ascii_uppercase(),
        1 => document[name.0..name.1].to_ascii_lowercase(),
        _ => document[name.0..name.1].to_vec(),
    });
    again.push(b':');
    again.extend(*chance.of(&ODD));
    document.splice(to..to, again);
}

/// A value is inside of so many lists or objects.
fn deeper(chance: &mut Chance, document: &mut Vec<u8>, _: &[u8]) {
    let Some((_, from, to)) = member(chance, document) else {
        return;
    };
    let (open, close): (&[u8], &[u8]) = match chance.below(2) {
        0 => (b"[", b"]"),
        _ => (b"{\"a\":", b"}"),
    };
    let inner = document[from..to].to_vec();
    let deep = [open.repeat(DEPTH), inner, close.repeat(DEPTH)].concat();
    document.splice(from..to, deep);
}

fn span(chance: &mut Chance, document: &[u8]) -> (usize, usize) {
    let from = chance.below(document.len());
    let most = (document.len() - from).min(60);
    (from, from + chance.below(most + 1))
}

/// The name of a member (where it begins and ends), and where its value begins and ends.
fn member(chance: &mut Chance, document: &[u8]) -> Option<((usize, usize), usize, usize)> {
    let start = chance.below(document.len());
    let mut pairs = document.get(start..)?.windows(2);
    let colon = start + pairs.position(|two| two == b"\":")? + 1;
    let opening = document[..colon - 1]
        .iter()
        .rposition(|byte| *byte == b'"')?;
    let to = end_of_value(document, colon + 1)?;
    Some(((opening, colon), colon + 1, to))
}

/// Where a value ends that begins there. One that is an object or a list is taken for its first letters.
fn end_of_value(document: &[u8], from: usize) -> Option<usize> {
    let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']');
    let length = match document.get(from)? {
        b'"' => document[from + 1..].iter().position(|byte| *byte == b'"')? + 2,
        _ => document[from..].iter().position(ends)?,
    };
    Some(from + length)
}
