//! Regular expressions as the cases use them: literals, `.`, classes, groups, `|`, `* + ? {n,m}`, `^` and `$`.
//!
//! In: a pattern and a text. Out: whether the pattern is found in the text, or what it has that is not known here.

#[derive(Debug, Clone)]
enum Node {
    Start,
    End,
    Any,
    Class { negated: bool, ranges: Vec<(char, char)> },
    Group(Vec<Vec<Node>>),
    Repeat { node: Box<Node>, least: usize, most: usize },
}

/// Whether the pattern is found anywhere in the text.
pub fn finds(pattern: &str, text: &str) -> Result<bool, String> {
    let pattern: Vec<char> = pattern.chars().collect();
    let mut at = 0;
    let choices = choices(&pattern, &mut at)?;
    if at < pattern.len() {
        return Err("`)` without `(`".to_owned());
    }
    let text: Vec<char> = text.chars().collect();
    let whole = [Node::Group(choices)];
    Ok((0..=text.len()).any(|from| matches(&whole, &text, from, &mut |_| true)))
}

fn choices(pattern: &[char], at: &mut usize) -> Result<Vec<Vec<Node>>, String> {
    let mut choices = vec![Vec::new()];
    while let Some(c) = pattern.get(*at).copied().filter(|c| *c != ')') {
        *at += 1;
        if c == '|' {
            choices.push(Vec::new());
            continue;
        }
        let node = atom(c, pattern, at)?;
        let node = repeated(node, pattern, at)?;
        choices.last_mut().expect("there is one from the start").push(node);
    }
    Ok(choices)
}

fn atom(c: char, pattern: &[char], at: &mut usize) -> Result<Node, String> {
    Ok(match c {
        '^' => Node::Start,
        '$' => Node::End,
        '.' => Node::Any,
        '(' => {
            if pattern.get(*at) == Some(&'?') {
                if pattern.get(*at + 1) != Some(&':') {
                    return Err("a group with `(?` that is not `(?:`".to_owned());
                }
                *at += 2;
            }
            let inner = choices(pattern, at)?;
            if pattern.get(*at) != Some(&')') {
                return Err("`(` without `)`".to_owned());
            }
            *at += 1;
            Node::Group(inner)
        }
        '[' => class(pattern, at)?,
        '\\' => {
            let (negated, ranges) = escape(pattern, at)?;
            Node::Class { negated, ranges }
        }
        '*' | '+' | '?' => return Err(format!("`{c}` with nothing before it")),
        c => Node::Class { negated: false, ranges: vec![(c, c)] },
    })
}

fn escape(pattern: &[char], at: &mut usize) -> Result<(bool, Vec<(char, char)>), String> {
    let c = pattern.get(*at).copied().ok_or("`\\` at the end")?;
    *at += 1;
    let ranges = match c.to_ascii_lowercase() {
        'd' => vec![('0', '9')],
        'w' => vec![('0', '9'), ('a', 'z'), ('A', 'Z'), ('_', '_')],
        's' => vec![(' ', ' '), ('\t', '\r')],
        't' if c == 't' => vec![('\t', '\t')],
        'n' if c == 'n' => vec![('\n', '\n')],
        'r' if c == 'r' => vec![('\r', '\r')],
        _ if c.is_ascii_alphanumeric() => return Err(format!("`\\{c}`")),
        _ => vec![(c, c)],
    };
    Ok((c.is_ascii_uppercase(), ranges))
}

fn class(pattern: &[char], at: &mut usize) -> Result<Node, String> {
    let negated = pattern.get(*at) == Some(&'^');
    *at += usize::from(negated);
    let mut ranges = Vec::new();
    loop {
        let c = pattern.get(*at).copied().ok_or("`[` without `]`")?;
        *at += 1;
        match c {
            ']' => return Ok(Node::Class { negated, ranges }),
            '\\' => match escape(pattern, at)? {
                (false, escaped) => ranges.extend(escaped),
                _ => return Err("a negated class in a class".to_owned()),
            },
            _ if pattern.get(*at) == Some(&'-') && pattern.get(*at + 1).is_some_and(|end| *end != ']') => {
                ranges.push((c, pattern[*at + 1]));
                *at += 2;
            }
            _ => ranges.push((c, c)),
        }
    }
}

fn repeated(node: Node, pattern: &[char], at: &mut usize) -> Result<Node, String> {
    let (least, most) = match pattern.get(*at) {
        Some('*') => (0, usize::MAX),
        Some('+') => (1, usize::MAX),
        Some('?') => (0, 1),
        Some('{') => {
            let end = pattern[*at..].iter().position(|c| *c == '}').ok_or("`{` without `}`")? + *at;
            let text: String = pattern[*at + 1..end].iter().collect();
            *at = end;
            let number = |text: &str| text.parse::<usize>().map_err(|_| format!("`{{{text}}}`"));
            match text.split_once(',') {
                None => (number(&text)?, number(&text)?),
                Some((least, "")) => (number(least)?, usize::MAX),
                Some((least, most)) => (number(least)?, number(most)?),
            }
        }
        _ => return Ok(node),
    };
    *at += 1;
    // Lazy or not is the same when only finding counts.
    *at += usize::from(pattern.get(*at) == Some(&'?'));
    Ok(Node::Repeat { node: Box::new(node), least, most })
}

/// Whether `nodes` match at `at`, and `rest` what stands behind them.
fn matches(nodes: &[Node], text: &[char], at: usize, rest: &mut dyn FnMut(usize) -> bool) -> bool {
    let Some((node, behind)) = nodes.split_first() else { return rest(at) };
    match node {
        Node::Start => at == 0 && matches(behind, text, at, rest),
        Node::End => at == text.len() && matches(behind, text, at, rest),
        Node::Any => text.get(at).is_some_and(|c| *c != '\n') && matches(behind, text, at + 1, rest),
        Node::Class { negated, ranges } => {
            let is_in = |c: &char| ranges.iter().any(|(from, to)| from <= c && c <= to) != *negated;
            text.get(at).is_some_and(is_in) && matches(behind, text, at + 1, rest)
        }
        Node::Group(choices) => choices.iter().any(|choice| matches(choice, text, at, &mut |at| matches(behind, text, at, rest))),
        Node::Repeat { node, least, most } => {
            let again = |at: usize, rest: &mut dyn FnMut(usize) -> bool| {
                let more = Node::Repeat { node: node.clone(), least: least.saturating_sub(1), most: most.saturating_sub(1) };
                // A round that takes nothing would go on for ever.
                matches(std::slice::from_ref(&**node), text, at, &mut |next| {
                    (next > at || *least > 0) && matches(std::slice::from_ref(&more), text, next, rest)
                })
            };
            (*most > 0 && again(at, &mut |at| matches(behind, text, at, rest))) || (*least == 0 && matches(behind, text, at, rest))
        }
    }
}
