//! A page as a link, and a link as a page: what each value of a [`Link`] means. The text itself is packed by the browser.

use std::rc::Rc;

use super::playback::{self, Speed};
use super::upgrade::TO;
use super::{App, Msg, Panel, View};
use crate::examples;
use crate::flow::Version;
use crate::flow::plan::{BLACKOUTS, blackouts};
use crate::share::{Link, base64url, items, limits_text, list, read_settings, unreadable};
use crate::sim::scenario::Scenario;
use crate::sim::server::ServerModel;
use crate::time::{iso_instant, parse_duration, seconds};
use crate::tr;
use crate::value::Value;

const VIEWS: [(&str, View); 2] = [("gantt", View::Gantt), ("slots", View::Slots)];
const PANELS: [(&str, Panel); 6] = [
    ("details", Panel::Details),
    ("log", Panel::Log),
    ("curve", Panel::Curve),
    ("table", Panel::Table),
    ("times", Panel::Times),
    ("compare", Panel::Compare),
];

/// All of the page but its text, as a link. Parameters with the usual value are left out.
#[must_use]
pub fn link_of(app: &App) -> Link {
    let mut link = Link::default();
    // The name of the example that a changed text came from.
    if let Some(example) = app.example.and_then(examples::find).filter(|example| example.text != app.text()) {
        link.set("example", example.id);
    }
    if app.view != View::Gantt {
        link.set("view", name_of(&VIEWS, app.view));
    }
    // A panel that is closed stays closed.
    let is_open = app.is_panel_open || app.selected.is_some() && app.panel != Panel::Details;
    if is_open {
        link.set("panel", name_of(&PANELS, app.panel));
    }
    if let Some(groups) = app.heat_of.as_ref().filter(|_| is_open && app.panel == Panel::Curve) {
        link.set("heat", list(groups.iter().map(|id| &**id)));
    }
    if app.is_critical {
        link.set("critical", "1");
    }
    if app.upgrading.is_some() {
        link.set("upgrade", TO.as_str());
    }
    if !app.playback.is_at_rest() {
        link.set("t", [&*seconds(app.playback.now(), 0), "s"].concat());
    }
    if let Some(key) = &app.selected {
        link.set("sel", &**key);
    }
    if app.playback.speed != Speed::Normal {
        link.set("speed", speed_name(app.playback.speed));
    }
    if !app.toggled.is_empty() {
        link.set("fold", list(app.toggled.iter().map(|key| &**key)));
    }
    run_of(&mut link, &app.scenario, app.reading.chosen.as_deref(), app.reading.version);
    link
}

/// Writes the settings of a run.
pub(super) fn run_of(link: &mut Link, scenario: &Scenario, chosen: Option<&str>, version: Option<Version>) {
    let usual = Scenario::default();
    if !scenario.concurrent.is_empty() {
        link.set("c", limits_text(&scenario.concurrent));
    }
    if !scenario.inputs.is_empty() {
        let inputs = Value::map(scenario.inputs.iter().map(|(id, value)| (&**id, value.clone())));
        link.set("in", base64url(&inputs.to_json()));
    }
    let mut assumptions = scenario.assumptions.clone();
    if let Some(periods) = assumptions.remove(BLACKOUTS) {
        link.set("blackout", blackouts(&periods));
    }
    if !assumptions.is_empty() {
        link.set("assume", base64url(&Value::Map(Rc::new(assumptions)).to_json()));
    }
    if let Some(chosen) = chosen {
        link.set("template", chosen);
    }
    if let Some(version) = version {
        link.set("kestra", version.as_str());
    }
    if scenario.seed != usual.seed {
        link.set("seed", scenario.seed.to_string());
    }
    if scenario.start_epoch_ms != usual.start_epoch_ms {
        link.set("start", iso_instant(scenario.start_epoch_ms));
    }
    let server = ServerModel::of(scenario);
    if server != ServerModel::default() {
        link.set("server", server.as_str());
    }
    if scenario.dispatch_delay != server.hand_over() {
        link.set("delay", [&*seconds(scenario.dispatch_delay, 0), "s"].concat());
    }
    if let Some(workers) = scenario.workers {
        link.set("workers", workers.to_string());
    }
    if let Some(cores) = scenario.cores {
        link.set("cores", cores.to_string());
    }
    if scenario.executions != usual.executions {
        link.set("executions", [&*scenario.executions.to_string(), "@", &seconds(scenario.every, 0), "s"].concat());
    }
}

/// The page that a link opens: with the text that was unpacked from it, else with the one it names, else with the first
/// example. `still` says that the reader wants no motion. What can't be understood is ignored, and reported in a sentence each.
#[must_use]
pub fn opened(link: &Link, text: Option<&str>, still: bool) -> (App, Vec<String>) {
    let example = link.get("example").and_then(examples::find);
    let app = match (text.or(link.get("yaml")), example) {
        (Some(text), example) => App::with_text(text, examples::origin(text, example.map(|example| example.id))),
        (None, Some(example)) => App::of_example(example),
        (None, None) => App::open(),
    };
    let (app, mut notes) = applied(app, link);
    // The linked run is the first one: there is no run before it to compare with.
    let app = App { ghost: None, ..app };
    if let (Some(id), None) = (link.get("example"), example) {
        notes.push(tr!("there is no example `{id}`", id));
    }
    let plays = link.get("autoplay") == Some("1") && !still;
    (if plays { app.update(Msg::Play(playback::Msg::Run { still })) } else { app }, notes)
}

/// The page with all of a link but its text.
#[must_use]
pub fn applied(app: App, link: &Link) -> (App, Vec<String>) {
    let (mut app, mut notes) = (app, Vec::new());
    let mut scenario = (*app.scenario).clone();
    notes.extend(read_settings(link, &mut scenario).into_iter().map(unreadable));
    // Passes a value to `set`, if the link has it; `None` from `set` means that the value can't be read.
    let mut read = |name: &str, set: &mut dyn FnMut(&str) -> Option<()>| notes.extend(link.read(name, set));
    let mut chosen = None;
    read("template", &mut |value| {
        let choices = app.reading.choices();
        chosen = Some(Rc::clone(&choices.iter().find(|(id, title)| **id == *value || **title == *value)?.0));
        Some(())
    });
    let mut version = app.reading.version;
    read("kestra", &mut |value| Version::from_name(value).map(|named| version = Some(named)));
    read("view", &mut |value| named(&VIEWS, value).map(|view| app.view = view));
    read("panel", &mut |value| named(&PANELS, value).map(|panel| (app.panel, app.is_panel_open) = (panel, true)));
    read("expect", &mut |value| {
        app.expect = value.into();
        Some(())
    });
    read("speed", &mut |value| {
        app.playback.speed = Speed::ALL.into_iter().find(|speed| speed_name(*speed) == value)?;
        Some(())
    });
    read("fold", &mut |value| {
        app.toggled = Rc::new(items(value).map(Rc::from).collect());
        Some(())
    });
    if let Some(name) = chosen {
        app = app.with_chosen(&name);
    }
    if version != app.reading.version {
        app = app.with_version(version);
    }
    app = if scenario == *app.scenario { app.with_rows() } else { app.update(Msg::Set(Box::new(scenario))) };
    read("upgrade", &mut |value| (value == TO.as_str()).then(|| app.upgrading = Some(Rc::clone(&app.reading))));
    read("sel", &mut |value| {
        app.selected = Some(Rc::clone(&app.run.as_ref()?.row(value)?.key));
        Some(())
    });
    let mut heat_of = None;
    read("heat", &mut |value| {
        let groups: [String; 2] = items(value).collect::<Vec<_>>().try_into().ok()?;
        heat_of = Some(groups.map(Rc::from));
        Some(())
    });
    let mut critical = None;
    read("critical", &mut |value| {
        critical = (value == "1" && !app.is_critical).then_some(Msg::Critical);
        matches!(value, "0" | "1").then_some(())
    });
    let mut seek = None;
    read("t", &mut |value| parse_duration(value).map(|at| seek = Some(playback::Msg::Seek(at))));
    let later = heat_of.map(|groups| Msg::HeatOf(Some(groups))).into_iter().chain(critical).chain(seek.map(Msg::Play));
    (later.fold(app, App::update), notes)
}

fn name_of<T: PartialEq>(names: &[(&'static str, T)], value: T) -> &'static str {
    names.iter().find(|(_, known)| *known == value).map_or("", |(name, _)| name)
}

fn named<T: Copy>(names: &[(&'static str, T)], name: &str) -> Option<T> {
    names.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

/// The name of a speed in links: `0.25`, `16`, `max`.
fn speed_name(speed: Speed) -> String {
    if speed == Speed::Instant { "max".to_owned() } else { speed.factor().to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::settings::{with_assumption, with_input};
    use crate::edit::Intent;
    use crate::time::SimTime;

    /// The page that somebody else opens by the link of this one, with all that should be the same.
    fn passed_on(app: &App) -> App {
        let fragment = link_of(app).fragment();
        let (link, notes) = Link::parse(&fragment);
        assert!(notes.is_empty(), "{notes:?}");
        let (other, notes) = opened(&link, Some(app.text()), false);
        assert!(notes.is_empty(), "{notes:?}");
        assert_eq!(link_of(&other).fragment(), fragment);
        assert_eq!((other.text(), &other.scenario, &other.toggled), (app.text(), &app.scenario, &app.toggled));
        assert_eq!(other.playback.now(), app.playback.now());
        other
    }

    fn check(app: &App) -> String {
        passed_on(app);
        link_of(app).fragment().replace('&', "\n")
    }

    fn makespan(app: &App) -> u64 {
        app.run.as_ref().expect("there is a run").numbers.makespan.0
    }

    #[test]
    fn a_link_carries_what_was_chosen_and_nothing_else() {
        let open = App::open();
        assert_eq!(check(&open), "");
        let msgs = [
            Msg::SetConcurrent("parent".into(), Some(4)),
            Msg::View(View::Slots),
            Msg::Panel(Panel::Curve),
            Msg::Select(Some("t4".into())),
            Msg::Fold("parent".into()),
            Msg::Play(playback::Msg::Speed(Speed::Quarter)),
            Msg::Play(playback::Msg::Seek(SimTime(1250))),
        ];
        let app = msgs.into_iter().fold(open, App::update);
        let app = App { selected: None, ..app };
        assert_eq!(passed_on(&app).example, Some("parallel"), "the example that was changed has a name");
        insta::assert_snapshot!(check(&app), @"
        example=parallel
        view=slots
        panel=curve
        t=1.25s
        speed=0.25
        fold=parent
        ");
    }

    #[test]
    fn a_link_keeps_the_groups_of_the_heat_map() {
        let app = App::open().update(Msg::Example("nested-limits")).update(Msg::Panel(Panel::Curve));
        let app = app.update(Msg::HeatOf(Some(["inner".into(), "outer".into()])));
        assert_eq!(link_of(&app).get("heat"), Some("inner,outer"));
        let names = |app: &App| app.heat.as_ref().map(|heat| heat.controls.each_ref().map(|control| Rc::clone(&control.id)));
        assert!(names(&app).is_some());
        assert_eq!(names(&passed_on(&app)), names(&app));
        let (_, notes) = opened(&Link::parse("heat=inner").0, Some(app.text()), false);
        assert_eq!(notes, ["`heat` of the link has a value that can't be read"]);
    }

    #[test]
    fn the_settings_of_a_run_are_part_of_it() {
        let text = "id: f\nnamespace: n\ninputs:\n  - {id: n, type: INT}\ntasks:\n  - {id: t, type: io.kestra.plugin.jdbc.Query}\n";
        let app = App::with_text(text, None);
        let scenario = with_assumption(&with_input(&app.scenario, "n", "7"), "outputs.t.rows", Some(Value::text("ä")));
        let server = Scenario {
            seed: 5,
            start_epoch_ms: 0,
            dispatch_delay: SimTime(500),
            workers: Some(2),
            cores: Some(3),
            executions: 3,
            every: SimTime(1500),
            ..scenario
        };
        insta::assert_snapshot!(check(&app.update(Msg::Set(Box::new(server)))), @"
        in=eyJuIjoiNyJ9
        assume=eyJvdXRwdXRzLnQucm93cyI6IsOkIn0
        seed=5
        start=1970-01-01T00:00:00.000Z
        delay=0.5s
        workers=2
        cores=3
        executions=3@1.5s
        ");
    }

    #[test]
    fn a_link_carries_the_server_and_a_delay_that_is_not_its_own() {
        let open = App::open();
        let set = |app: &App, name, text: &str| app.clone().update(Msg::SetServer(name, text.to_owned()));
        let measured = set(&open, "server", "measured");
        assert_eq!(check(&measured), "server=measured");
        assert_eq!(check(&set(&measured, "delay", "0.5")), "server=measured\ndelay=0.5s");
        assert_eq!(check(&set(&measured, "delay", "0")), "server=measured\ndelay=0s");
        assert_eq!(check(&set(&set(&measured, "delay", "0.5"), "server", "ideal")), "delay=0.5s");
        assert_eq!(check(&set(&measured, "server", "ideal")), "");
        let given = |fragment: &str| opened(&Link::parse(fragment).0, None, false).0.scenario;
        assert_eq!(given("delay=0s&server=measured"), given("server=measured&delay=0s"));
        assert_eq!(given("server=ideal"), open.scenario);
        // Each slot does two tasks, and the last task follows: three hand-overs.
        assert_eq!(makespan(&measured) - makespan(&open), 3 * 41);
    }

    #[test]
    fn a_link_sets_slots_without_touching_the_text() {
        let (link, _) = Link::parse("c=parent:6&t=0.5s");
        let (app, notes) = opened(&link, None, false);
        assert!(notes.is_empty());
        assert_eq!((makespan(&app), app.text(), app.playback.now()), (1000, App::open().text(), SimTime(500)));
        assert!(app.ghost.is_none());
        assert_eq!(app.run.as_ref().map(|run| run.controls[0].concurrent), Some(6));
        // The slider then moves what is set, and an edit of the text stays an edit of the text.
        let two = app.update(Msg::SetConcurrent("parent".into(), Some(2)));
        assert_eq!((makespan(&two), two.text()), (3000, App::open().text()));
        assert_eq!(link_of(&two).get("c"), Some("parent:2"));
        let longer = two.update(Msg::Change("t1".into(), Intent::Longer(1000)));
        assert_eq!(longer.text(), App::open().text().replacen("sleep 1", "sleep 2", 1));
    }

    #[test]
    fn what_can_not_be_understood_is_reported_and_ignored() {
        let (link, _) = Link::parse("example=none&view=3d&sel=nobody&t=soon&c=parent&in=%21&workers=0&server=real&speed=3&executions=2@x");
        let (app, notes) = opened(&link, None, false);
        assert_eq!(app, App { run: app.run.clone(), reading: Rc::clone(&app.reading), ..App::open() });
        insta::assert_snapshot!(notes.join("\n"), @"
        `c` of the link has a value that can't be read
        `in` of the link has a value that can't be read
        `server` of the link has a value that can't be read
        `workers` of the link has a value that can't be read
        `executions` of the link has a value that can't be read
        `view` of the link has a value that can't be read
        `speed` of the link has a value that can't be read
        `sel` of the link has a value that can't be read
        `t` of the link has a value that can't be read
        there is no example `none`
        ");
    }

    #[test]
    fn it_plays_by_itself_only_when_motion_is_welcome() {
        let (link, _) = Link::parse("example=sequential&autoplay=1");
        let phase = |still| opened(&link, None, still).0.playback.phase.as_str();
        assert_eq!((phase(false), phase(true)), ("running", "idle"));
    }
}
