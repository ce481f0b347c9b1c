//! Which texts give true or false, whatever their values are.

use super::*;

#[test]
fn comparisons_and_tests_decide() {
    for text in [
        "{{ a == 1 }}",
        "{{ a.b != 'x' and c }}",
        "{{ not a }}",
        "{{ (a or b) }}",
        "{{ a is not null }}",
        "{{ a | startsWith('x') }}",
        " {{ true }} ",
    ] {
        assert_eq!(decision(text), Some(Decision { calls: false, orders_texts: false }), "{text}");
    }
}

#[test]
fn values_and_texts_around_do_not() {
    for text in [
        "{{ a }}",
        "{{ a ?? false }}",
        "{{ a ? true : false }}",
        "x{{ a == 1 }}",
        "{{ a == 1 }}{{ b == 1 }}",
        "true",
        "{{ a | upper }}",
        "{{ kv('a') }}",
        "{{",
    ] {
        assert_eq!(decision(text), None, "{text}");
    }
}

#[test]
fn calls_and_texts_by_order_are_told() {
    let of = |text| decision(text).map(|found| (found.calls, found.orders_texts));
    assert_eq!(of("{{ kv('a') < 10 }}"), Some((true, false)));
    assert_eq!(of("{{ a == 1 and b > 'x' }}"), Some((false, true)));
    assert_eq!(of("{{ ('x' < a) or (b[now()] == 1) }}"), Some((true, true)));
}
