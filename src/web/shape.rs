//! Shapes of the layout to SVG elements.

use yew::prelude::*;

use crate::timeline::shapes::{Shape, px};

/// One shape.
pub fn view(shape: &Shape) -> Html {
    match shape {
        Shape::Rect { class, at: [x, y, width, height], radius, pattern } => {
            let fill = pattern.map(|id| format!("url(#{id})"));
            let radius = (*radius > 0.0).then(|| px(*radius));
            html! {
                <rect class={classes!(class.clone())} x={px(*x)} y={px(*y)} width={px(*width)} height={px(*height)}
                    rx={radius} {fill} />
            }
        }
        Shape::Path { class, d, crisp } => {
            let rendering = crisp.then_some("crispEdges");
            html! { <path class={classes!(class.clone())} d={d.clone()} shape-rendering={rendering} /> }
        }
        Shape::Text { class, at: [x, y], text } => {
            html! { <text class={classes!(class.clone())} x={px(*x)} y={px(*y)}>{ text.clone() }</text> }
        }
    }
}
