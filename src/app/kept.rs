//! The plans that were kept, as one value of a link: each as what its text and its settings have that those of the page have not.

use std::rc::Rc;

use super::App;
use super::link::{applied, link_of, run_of};
use super::trials::{Trial, Trials, nth_of};
use crate::share::{Link, base64url, from_base64url};
use crate::value::Value;

/// The longest value, in characters. Plans that make it longer are left out.
const LONGEST: usize = 4096;
/// More plans are neither written nor read: each is simulated when the link is opened.
const MOST: usize = 20;
/// Texts are compared over so many lines of both at most.
const FAR: usize = 400;

/// All of the page but its text, as a link, in a lesson the step, and the names of the plans that would make it too long.
#[must_use]
pub fn link_with_plans(app: &App) -> (Link, Vec<Rc<str>>) {
    if let Some(course) = &app.course {
        return (course.link(), Vec::new());
    }
    let mut link = link_of(app);
    if app.trials.all.is_empty() {
        return (link, Vec::new());
    }
    let (plans, left_out) = kept(app);
    if let Some(plans) = plans {
        link.set("kept", plans);
    }
    (link, left_out)
}

/// The page with the plans that its link has kept. A sentence when they can't be read.
#[must_use]
pub fn with_plans(app: App, link: &Link) -> (App, Option<String>) {
    let mut with = None;
    let note = link.read("kept", &mut |value| {
        with = Some(with_kept(app.clone(), value)?);
        Some(())
    });
    (with.unwrap_or(app), note)
}

/// The value for a link, and the names of the plans that are left out. `None` without plans.
#[inline(never)] // So that it can be fetched later.
fn kept(app: &App) -> (Option<String>, Vec<Rc<str>>) {
    let Trials { first, second, .. } = &*app.trials;
    let mut items = vec![Value::text(first), Value::text(second)];
    let (mut value, mut left_out) = (None, Vec::new());
    for trial in app.plans() {
        items.push(item(trial, app.text()));
        let longer = base64url(&Value::list(items.clone()).to_json());
        if items.len() <= MOST && longer.len() <= LONGEST {
            value = Some(longer);
        } else {
            items.pop();
            left_out.push(Rc::clone(&trial.name));
        }
    }
    (value, left_out)
}

fn with_kept(app: App, value: &str) -> Option<App> {
    let value = Value::from_json(&from_base64url(value)?)?;
    let [first, second, items @ ..] = value.as_list()? else { return None };
    let mut trials = Trials { first: first.as_str()?.into(), second: second.as_str()?.into(), ..Trials::default() };
    for item in items.iter().take(MOST) {
        let trial = trial(item, app.text())?;
        trials.n_kept = trials.n_kept.max(nth_of(&trial.name) + 1);
        trials.all.push(trial);
    }
    Some(App { trials: Rc::new(trials), ..app }.with_kept_ghost())
}

/// Its name, its settings as a fragment, and for each part of the page's text that differs: the first line, from 0, how many lines, and
/// the lines in their place, each with a line feed.
fn item(trial: &Trial, text: &str) -> Value {
    let mut link = Link::default();
    run_of(&mut link, &trial.scenario, trial.chosen.as_deref(), trial.version);
    let mut values = vec![Value::text(&trial.name), Value::text(&link.fragment())];
    for (from, n, lines) in differences(text, &trial.text) {
        let lines = if lines.is_empty() { String::new() } else { lines.join("\n") + "\n" };
        values.extend([Value::Int(from as i64), Value::Int(n as i64), Value::text(&lines)]);
    }
    Value::list(values)
}

fn trial(item: &Value, text: &str) -> Option<Trial> {
    let [name, fragment, parts @ ..] = item.as_list()? else { return None };
    let name = name.as_str().filter(|name| (1..=2).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_uppercase()))?;
    let old: Vec<&str> = text.split('\n').collect();
    let (mut lines, mut at): (Vec<&str>, usize) = (Vec::new(), 0);
    for part in parts.chunks(3) {
        let [Value::Int(from), Value::Int(n), new] = part else { return None };
        let from = usize::try_from(*from).ok()?;
        lines.extend_from_slice(old.get(at..from)?);
        lines.extend(new.as_str()?.split_terminator('\n'));
        at = from.checked_add(usize::try_from(*n).ok()?)?;
    }
    lines.extend_from_slice(old.get(at..)?);
    let (app, _) = applied(App::with_text(&lines.join("\n"), None), &Link::parse(fragment.as_str()?).0);
    Trial::of(name.into(), &app)
}

/// Where the lines of `new` differ from those of `old`: the first line, how many lines of `old`, and those in their place.
fn differences<'a>(old: &str, new: &'a str) -> Vec<(usize, usize, Vec<&'a str>)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
    let (mut a, mut b, mut parts) = (0, 0, Vec::new());
    loop {
        while a < old.len() && b < new.len() && old[a] == new[b] {
            (a, b) = (a + 1, b + 1);
        }
        if (a, b) == (old.len(), new.len()) {
            return parts;
        }
        let (skipped, added) = nearest(&old[a..], &new[b..]);
        parts.push((a, skipped, new[b..b + added].to_vec()));
        (a, b) = (a + skipped, b + added);
    }
}

/// How many lines of both to pass over until two lines, or the ends, are alike; all lines when that is far.
fn nearest(old: &[&str], new: &[&str]) -> (usize, usize) {
    for both in 1..FAR {
        for skipped in both.saturating_sub(new.len())..=both.min(old.len()) {
            let added = both - skipped;
            if old[skipped..].iter().take(2).eq(new[added..].iter().take(2)) {
                return (skipped, added);
            }
        }
    }
    (old.len(), new.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Msg;
    use crate::app::link::opened;
    use crate::app::trials::Act;
    use crate::edit::Intent;

    fn pinned(app: App) -> App {
        app.update(Msg::Trials(Act::Pin))
    }

    /// The page that somebody else opens by the link.
    fn passed_on(app: &App) -> App {
        let (link, _) = link_with_plans(app);
        let link = Link::parse(&link.fragment()).0;
        let (other, note) = with_plans(opened(&link, Some(app.text()), false).0, &link);
        assert_eq!(note, None);
        other
    }

    #[test]
    fn a_link_keeps_the_plans_that_were_kept() {
        let a = pinned(App::open());
        let b = pinned(a.update(Msg::SetConcurrent("parent".into(), Some(6))).update(Msg::Change("t1".into(), Intent::Longer(1000))));
        let mut slow = (*b.scenario).clone();
        slow.dispatch_delay = crate::time::SimTime(500);
        let c = pinned(b.update(Msg::Set(Box::new(slow)))).update(Msg::Trials(Act::Drop("B".into())));
        let app = c.update(Msg::Edit(App::open().text().replace("- id: last", "- id: at_last").replace("\n\n", "\n").into()));
        let other = passed_on(&app);
        assert_eq!(other.plan_table(), app.plan_table());
        let plans = |app: &App| app.trials.all.iter().map(|plan| (plan.text.clone(), plan.scenario.clone())).collect::<Vec<_>>();
        assert_eq!(plans(&other), plans(&app));
        assert_eq!((&other.trials.first, &other.trials.second), (&app.trials.first, &app.trials.second));
        assert_eq!(other.ghost.as_ref().map(|ghost| ghost.numbers), app.ghost.as_ref().map(|ghost| ghost.numbers));
        // A letter is never used again.
        assert_eq!(pinned(other).trials.all.last().map(|trial| trial.name.to_string()), Some("D".to_owned()));
    }

    #[test]
    fn a_page_without_plans_has_none_in_its_link() {
        assert_eq!(kept(&App::open()), (None, Vec::new()));
    }

    #[test]
    fn plans_that_make_a_link_too_long_are_left_out() {
        let a = pinned(App::open());
        let noise: String = (0..600).map(|n| format!("# {}\n", n * 7919)).collect();
        let b = pinned(a.update(Msg::Edit((App::open().text().to_owned() + &noise).into())));
        let app = b.update(Msg::Edit(App::open().text().into()));
        let (_, left_out) = link_with_plans(&app);
        assert_eq!(left_out, ["B".into()]);
        assert_eq!(passed_on(&app).trials.all.len(), 1);
    }

    #[test]
    fn what_can_not_be_read_is_reported() {
        for value in ["", "W10", "!", &base64url("[\"A\",\"now\",[\"A\",\"\",9999,1,\"\"]]"), &base64url("[\"A\",\"now\",[\"a\",\"\"]]")] {
            let mut link = Link::default();
            link.set("kept", value);
            let (app, note) = with_plans(App::open(), &link);
            assert!(app.trials.all.is_empty() && note.is_some(), "{value}");
        }
    }
}
