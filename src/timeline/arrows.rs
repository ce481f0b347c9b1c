//! Arrows between the bars of rows: who handed a slot over, and who waits for whom.

use super::shapes::px;

/// An arrow as SVG path data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// Its line.
    pub line: String,
    /// Its head.
    pub head: String,
}

/// The mark of a hand-over: from the rows whose ends let a task start, to its row.
#[derive(Debug, Clone, PartialEq)]
pub struct HandOver {
    /// At most one from above and one from below.
    pub arrows: Vec<Arrow>,
    /// Where the rows that hand over end.
    pub dots: Vec<(f64, f64)>,
}

/// The mark at `x` from the bars whose middles are at `givers` to the one at `taker`; `None` without givers.
#[must_use]
pub fn hand_over(x: f64, givers: &[f64], taker: f64) -> Option<HandOver> {
    const HALF_BAR_PX: f64 = 9.0;
    let arrow = |from: f64, sign: f64| {
        let tip = taker - sign * HALF_BAR_PX;
        Arrow {
            line: format!("M{} {}V{}", px(x), px(from), px(tip - sign * 4.0)),
            head: format!("M{} {}h8l-4 {}z", px(x - 4.0), px(tip - sign * 6.0), px(sign * 6.0)),
        }
    };
    let above = givers.iter().copied().filter(|y| *y < taker).reduce(f64::min).map(|from| arrow(from, 1.0));
    let below = givers.iter().copied().filter(|y| *y > taker).reduce(f64::max).map(|from| arrow(from, -1.0));
    let dots: Vec<(f64, f64)> = givers.iter().map(|y| (x, *y)).collect();
    (!dots.is_empty()).then(|| HandOver { arrows: above.into_iter().chain(below).collect(), dots })
}

/// The arrow of a link: from the end of the bar that is waited for to the start of the one that waits. Points are x and y.
#[must_use]
pub fn link(end: (f64, f64), start: (f64, f64)) -> Arrow {
    let x = start.0.max(end.0);
    Arrow { line: format!("M{} {}V{}H{}", px(end.0), px(end.1), px(start.1), px(x)), head: format!("M{} {}l-6 -4v8z", px(x), px(start.1)) }
}
