//! What a result must be.

use serde_json::Value;

/// Checks what the pointer leads to.
pub(super) fn check(result: &Value, pointer: &str, matcher: &Value, label: &str) {
    let found = result.pointer(pointer);
    if matcher["absent"] == true {
        assert!(found.is_none(), "{label}: {pointer} is there: {found:?}");
        return;
    }
    let found = found.unwrap_or_else(|| panic!("{label}: no {pointer} in {result}"));
    assert!(fits(found, matcher), "{label}: {pointer} is {found}, not {matcher}");
}

fn fits(value: &Value, matcher: &Value) -> bool {
    let single = matcher.as_object().filter(|fields| fields.len() == 1);
    let Some((kind, argument)) = single.and_then(|fields| fields.iter().next()) else {
        return equal(value, matcher);
    };
    match kind.as_str() {
        "between" => {
            let bound = |index: usize| argument[index].as_f64().unwrap();
            value.as_f64().is_some_and(|value| (bound(0)..=bound(1)).contains(&value))
        }
        "uuid" => value.as_str().is_some_and(is_uuid),
        "timestamp" => value.as_str().is_some_and(is_timestamp),
        "length" => length(value) == argument.as_u64(),
        "contains" => match value {
            Value::String(text) => text.contains(argument.as_str().unwrap()),
            _ => has(value, argument),
        },
        "lacks" => !has(value, argument),
        kind => panic!("the interpreter does not know the matcher {kind}"),
    }
}

fn equal(value: &Value, expected: &Value) -> bool {
    match (value.as_f64(), expected.as_f64()) {
        (Some(value), Some(expected)) => value == expected,
        _ => value == expected,
    }
}

fn length(value: &Value) -> Option<u64> {
    let length = value.as_array().map(Vec::len);
    length.or_else(|| value.as_str().map(|text| text.chars().count())).map(|length| length as u64)
}

fn has(list: &Value, element: &Value) -> bool {
    list.as_array().unwrap().iter().any(|item| match element.as_object() {
        Some(fields) => fields.iter().all(|(name, matcher)| fits(&item[name], matcher)),
        None => equal(item, element),
    })
}

fn is_uuid(text: &str) -> bool {
    let lower = text.chars().all(|c| !c.is_ascii_uppercase());
    lower && text.len() == 36 && text.parse::<hanami_client::Uuid>().is_ok()
}

fn is_timestamp(text: &str) -> bool {
    let pattern = "0000-00-00 00:00:00";
    let digits = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c });
    digits.collect::<String>() == pattern
}
