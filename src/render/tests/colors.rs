//! The colors of the picture are those of the page.

use std::collections::BTreeMap;

type Declarations = BTreeMap<String, String>;

/// The rules of a style sheet outside of `@media` and within it, each a selector with its declarations.
fn rules(css: &str) -> [Vec<(String, Declarations)>; 2] {
    let mut rules = [Vec::new(), Vec::new()];
    let mut is_media = false;
    let mut rest = css;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let selector = before.rsplit("*/").next().unwrap_or(before).trim();
        rest = after;
        if selector.starts_with('@') {
            is_media = true;
            continue;
        }
        if css[css.len() - after.len() - 1..].starts_with('}') {
            is_media = false;
            continue;
        }
        let end = after.find('}').expect("a rule is closed");
        let declaration = |text: &str| {
            let text = text.rsplit("*/").next().unwrap_or(text);
            let (name, value) = text.split_once(':')?;
            Some((name.trim().to_owned(), value.trim().trim_end_matches("!important").trim().to_owned()))
        };
        let declarations: Declarations = after[..end].split(';').filter_map(declaration).collect();
        for one in selector.split(',') {
            rules[usize::from(is_media)].push((one.trim().to_owned(), declarations.clone()));
        }
        rest = &after[end + 1..];
    }
    rules
}

/// The values of all rules with this selector, later ones over earlier ones.
fn of(rules: &[(String, Declarations)], selector: &str) -> Declarations {
    rules.iter().filter(|(known, _)| known == selector).flat_map(|(_, declarations)| declarations.clone()).collect()
}

/// A color with its variables filled in, in six digits.
fn color(value: &str, variables: &Declarations) -> String {
    let name = value.strip_prefix("var(").and_then(|name| name.strip_suffix(')'));
    let value = name.map_or(value, |name| variables.get(name).unwrap_or_else(|| panic!("there is no {name}")));
    match value.strip_prefix('#') {
        Some(digits) if digits.len() == 3 => format!("#{}", digits.chars().flat_map(|digit| [digit; 2]).collect::<String>()),
        _ => value.to_owned(),
    }
}

#[test]
fn the_picture_has_the_colors_of_the_page_in_light_and_dark() {
    let [tokens, _] = rules(include_str!("../../../styles/tokens.css"));
    let [page, _] = rules(include_str!("../../../styles/timeline.css"));
    let [picture, picture_dark] = rules(crate::render::svg::STYLE);
    let light = of(&tokens, ":root");
    let dark: Declarations = light.clone().into_iter().chain(of(&tokens, "[data-theme=\"dark\"]")).collect();
    let svg_light = of(&picture, "svg");
    let svg_dark: Declarations = svg_light.clone().into_iter().chain(of(&picture_dark, "svg")).collect();
    let mut n_compared = 0;
    for (tokens, variables) in [(&light, &svg_light), (&dark, &svg_dark)] {
        for (name, token) in [("--g", "--ground"), ("--i", "--ink"), ("--m", "--muted"), ("--l", "--line"), ("--h", "--gridline")] {
            assert_eq!(color(&variables[name], variables), color(&tokens[token], tokens), "{name}");
        }
        for (selector, _) in picture.iter().filter(|(selector, _)| selector.starts_with(".pg-")) {
            let (drawn, shown) = (of(&picture, selector), of(&page, selector));
            for property in ["fill", "stroke"] {
                // A part that only one of them outlines has no color to compare.
                let Some((drawn, shown)) = drawn.get(property).zip(shown.get(property)) else { continue };
                assert_eq!(color(drawn, variables), color(shown, tokens), "{property} of {selector}");
                n_compared += 1;
            }
        }
    }
    assert!(n_compared > 100, "only {n_compared} colors were compared");
}
