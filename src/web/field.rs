//! A field for text that a person writes.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Takes the text of a field; the answer is why it can't be taken.
pub type OnText = Callback<String, Option<AttrValue>>;

/// A callback of a field that takes every text.
pub fn taken(on_text: &Callback<String>) -> OnText {
    let on_text = on_text.clone();
    Callback::from(move |text| {
        on_text.emit(text);
        None
    })
}

/// An `<option>`, chosen or not. A property says so: an attribute says nothing to Firefox once somebody has chosen.
pub fn option(is_chosen: bool, option: Html) -> Html {
    let Html::VTag(tag) = option else { return option };
    let mut tag = Rc::unwrap_or_clone(tag);
    tag.add_property("selected", is_chosen);
    tag.into()
}

/// What a field shows.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct TextFieldProps {
    /// The text the page knows.
    pub value: AttrValue,
    /// Takes a text once it is written: when the field is left, or at Enter.
    pub on_text: OnText,
    /// The `type` of its HTML element.
    #[prop_or("text")]
    pub kind: &'static str,
    /// How many lines it shows if it takes several.
    #[prop_or_default]
    pub rows: Option<u32>,
    /// The least number it takes.
    #[prop_or_default]
    pub min: Option<&'static str>,
    /// What it shows while it is empty.
    #[prop_or_default]
    pub hint: AttrValue,
    /// What its tooltip says.
    #[prop_or_default]
    pub title: Option<AttrValue>,
    /// Its name where no label stands beside it.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// The id of the list with its proposals.
    #[prop_or_default]
    pub list: Option<AttrValue>,
    /// Its `aria-invalid`.
    #[prop_or_default]
    pub invalid: Option<&'static str>,
    /// Its `aria-describedby`.
    #[prop_or_default]
    pub described: Option<AttrValue>,
    /// Whether nothing can be written.
    #[prop_or_default]
    pub disabled: bool,
    /// Its test id.
    pub testid: AttrValue,
}

/// The field. What is being written stays when the page is drawn again, until the page knows another text. Why a text can't be taken
/// stands below it.
#[component]
pub fn TextField(props: &TextFieldProps) -> Html {
    let draft = use_state_eq(|| None::<AttrValue>);
    let problem = use_state_eq(|| None::<AttrValue>);
    use_effect_with(props.value.clone(), {
        let (draft, problem) = (draft.clone(), problem.clone());
        move |_| {
            draft.set(None);
            problem.set(None);
        }
    });
    let value = draft.as_ref().unwrap_or(&props.value).clone();
    let oninput = move |event: InputEvent| draft.set(Some(input_of(&event).value().into()));
    let onchange = {
        let (on_text, problem) = (props.on_text.clone(), problem.clone());
        move |event: Event| problem.set(on_text.emit(input_of(&event).value()))
    };
    let TextFieldProps { kind, rows, min, hint, title, label, list, invalid, described, disabled, testid, .. } = props.clone();
    if let Some(rows) = rows {
        return html! {
            <textarea class="pg-settings__input" rows={rows.to_string()} placeholder={hint} {title} aria-label={label}
                aria-invalid={invalid} aria-describedby={described} {disabled} data-testid={testid}
                {value} {oninput} {onchange} />
        };
    }
    let invalid = invalid.or(problem.as_ref().map(|_| "true"));
    html! {
        <>
            <input class="pg-settings__input" type={kind} {min} step="any" placeholder={hint} {title} {list}
                autocomplete="off" spellcheck="false" aria-label={label} aria-invalid={invalid}
                aria-describedby={described} {disabled} data-testid={testid} {value} {oninput} {onchange} />
            if let Some(problem) = &*problem {
                <strong class="pg-settings__error" role="alert">{ problem.clone() }</strong>
            }
        </>
    }
}

/// The element of an event. A `textarea` has the members used here under the same names.
fn input_of(event: &Event) -> HtmlInputElement {
    event.target_unchecked_into()
}
