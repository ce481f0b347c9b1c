use super::scale::Scale;
use super::ticks::ticks;
use super::*;

fn labels(total_ms: u64, width_px: f64) -> Vec<String> {
    ticks(&Scale::whole(SimTime(total_ms), 0.0, width_px), None).into_iter().map(|tick| tick.label).collect()
}

#[test]
fn axis_labels_are_round_and_all_different() {
    insta::assert_snapshot!([1, 2000, 6000, 90_000, 5_640_000, 259_200_000].map(|total| labels(total, 676.0).join("  ")).join("\n"), @"
    0  0.2  0.4  0.6  0.8  1.0 ms
    0  0.5  1.0  1.5  2.0 s
    0  1.0  2.0  3.0  4.0  5.0  6.0 s
    0  10  20  30  40  50  60  70  80  90 s
    0  20 m  40 m  1 h  1 h 20 m
    0  12 h  1 d  1 d 12 h  2 d  2 d 12 h  3 d
    ");
    let mut totals: Vec<u64> = (1..4000).collect();
    totals.extend((0..60).map(|n| 1u64 << n));
    for total in totals {
        for width in [120.0, 328.0, 676.0, 2000.0] {
            let found = labels(total, width);
            let mut distinct = found.clone();
            distinct.dedup();
            assert!((2..=10).contains(&found.len()) && distinct == found, "{total} ms on {width} px: {found:?}");
        }
    }
}

#[test]
fn an_axis_with_dates_has_them_at_round_times() {
    let start = crate::time::parse_iso_instant("2026-03-02T08:50:00Z").expect("it is a date");
    let labels = |total_ms| {
        let ticks = ticks(&Scale::whole(SimTime(total_ms), 0.0, 676.0), Some(start));
        ticks.into_iter().map(|tick| format!("{} {}", tick.x.round(), tick.label)).collect::<Vec<_>>().join("  ")
    };
    insta::assert_snapshot!([90_000, 5_400_000, 57_600_000, 259_200_000].map(labels).join("\n"), @"
    0 08:50:00  150 08:50:20  300 08:50:40  451 08:51:00  601 08:51:20
    75 09:00  225 09:20  376 09:40  526 10:00  676 10:20
    49 10:00  134 12:00  218 14:00  303 16:00  387 18:00  472 20:00  556 22:00  641 2026-03-03
    30 12:00  142 2026-03-03  255 12:00  368 2026-03-04  480 12:00  593 2026-03-05
    ");
    let clock = |ms, end| super::ticks::clock(start, SimTime(ms), SimTime(end));
    assert_eq!([clock(61_000, 90_000), clock(61_000, 5_400_000), clock(0, 259_200_000)], ["08:51:01", "08:51", "03-02 08:50"]);
}

#[test]
fn of_many_values_each_has_a_row_that_is_folded() {
    let text = |n: usize| {
        let values: Vec<String> = (0..n).map(|n| format!("customer {n}{}", "x".repeat(n * 2))).collect();
        let sleep = |id: &str| format!("      - {{id: {id}, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}}\n");
        format!(
            "id: f\nnamespace: n\ntasks:\n  - id: each\n    type: io.kestra.plugin.core.flow.ForEach\n    values: {values:?}\n    tasks:\n{}{}",
            sleep("load"),
            sleep("check")
        )
    };
    let shown = |n: usize, opened: &[&str]| {
        let (_, flows, _) = crate::flow::read_text(&crate::source::Source::new("", &*text(n)));
        let trace = crate::sim::simulate(&flows, &crate::sim::scenario::Scenario::default());
        let rows = rows::rows(&flows, &trace, &|key| opened.contains(&key));
        rows.into_iter().map(|row| format!("{}{} {}", "  ".repeat(row.depth), row.key, row.name)).collect::<Vec<_>>()
    };
    assert_eq!(
        shown(2, &[]),
        [
            "each each",
            "  load load [customer 0]",
            "  check check [customer 0]",
            "  load~2 load [customer 1xx]",
            "  check~2 check [customer 1xx]"
        ]
    );
    assert_eq!(shown(21, &[]), ["each each"]);
    let opened = shown(21, &["each", "each~v21"]);
    assert_eq!(opened.len(), 1 + 21 + 2);
    assert_eq!(opened[1], "  each~v1 customer 0");
    assert_eq!(opened[22], format!("    load~21 load [customer 20{}…]", "x".repeat(29)));
}

#[test]
fn zooming_keeps_the_time_under_the_pointer_and_the_bounds() {
    let end = SimTime(2000);
    let whole = Scale::whole(end, 8.0, 684.0);
    let closer = whole.zoomed(2.0, 346.0, end);
    assert_eq!(closer.time(346.0), whole.time(346.0));
    assert_eq!((closer.from_ms, closer.to_ms), (500.0, 1500.0));
    assert_eq!(closer.zoomed(0.25, 100.0, end), whole);
    assert_eq!(closer.panned(-10_000.0, end).from_ms, 0.0);
    assert_eq!(closer.panned(10_000.0, end).to_ms, 2000.0);
}

#[test]
fn each_slot_shows_who_took_it() {
    use super::slot_rows::slot_rows;
    let text_of = |id: &str| {
        let (_, flows, _) = crate::flow::read_text(&crate::source::Source::new("", crate::examples::find(id).expect("it is there").text));
        let trace = crate::sim::simulate(&flows, &crate::sim::scenario::Scenario::default());
        let rows = slot_rows(&flows, &trace);
        let line = |row: &super::slot_rows::SlotRow| {
            let stays: Vec<String> =
                row.stays.iter().map(|stay| format!("{} {}-{}", stay.text, stay.segment.from.0, stay.segment.to.0)).collect();
            format!("{}{} [{}] {}: {}", "  ".repeat(row.depth), row.key, row.label, row.meta, stays.join(" | "))
        };
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(text_of("parallel"), @"
    parent [parent] 2.0 s: Parallel, 3 slots 0-2000
      lane-parent-1 [slot 1] 2 tasks: t1  1.0 s 0-1000 | t4  1.0 s 1000-2000
      lane-parent-2 [slot 2] 2 tasks: t2  1.0 s 0-1000 | t5  1.0 s 1000-2000
      lane-parent-3 [slot 3] 2 tasks: t3  1.0 s 0-1000 | t6  1.0 s 1000-2000
      waiting-parent [waiting] 3 at most: t4, t5, t6 0-1000
    last [last] 0 s:  0-2000 |  2000-2000
    ");
    insta::assert_snapshot!(text_of("nested-limits"), @"
    outer [outer] 2.0 s: Parallel, 2 slots 0-2000
      lane-outer-1 [slot 1] 1 task: inner  2.0 s 0-2000
      lane-outer-2 [slot 2] 2 tasks: o1  1.0 s 0-1000 | o2  1.0 s 1000-2000
      waiting-outer [waiting] 1 at most: o2 0-1000
      inner [inner] 2.0 s: Parallel, 2 slots 0-2000
        lane-inner-1 [slot 1] 2 tasks: i1  1.0 s 0-1000 | i3  1.0 s 1000-2000
        lane-inner-2 [slot 2] 2 tasks: i2  1.0 s 0-1000 | i4  1.0 s 1000-2000
        waiting-inner [waiting] 2 at most: i3, i4 0-1000
    last [last] 0 s:  0-2000 |  2000-2000
    ");
}

#[test]
fn an_iteration_of_a_loop_holds_its_tasks_alone_from_when_it_was_made() {
    let text = "
id: f
namespace: n
tasks:
  - {id: before, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
  - id: loop
    type: io.kestra.plugin.core.flow.Loop
    values: [a, b]
    tasks:
      - {id: first, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
      - {id: second, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
  - {id: after, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}
";
    let (_, flows, _) = crate::flow::read_text(&crate::source::Source::new("", text));
    let trace = crate::sim::simulate(&flows, &crate::sim::scenario::Scenario::default());
    let line = |row: &rows::Row| {
        let segments: Vec<String> =
            row.segments(&trace).iter().map(|segment| format!("{} {}-{}", segment.kind.as_str(), segment.from.0, segment.to.0)).collect();
        format!("{}{}: {}", "  ".repeat(row.depth), row.name, segments.join(", "))
    };
    let rows = rows::rows(&flows, &trace, &|_| false);
    insta::assert_snapshot!(rows.iter().map(line).collect::<Vec<_>>().join("\n"), @"
    before: RUNNING 0-2000
    loop: wait-previous 0-2000, RUNNING 2000-6000
      a: RUNNING 2000-4000
        first: RUNNING 2000-3000
        second: wait-previous 2000-3000, RUNNING 3000-4000
      b: wait-slot 2000-4000, RUNNING 4000-6000
        first: RUNNING 4000-5000
        second: wait-previous 4000-5000, RUNNING 5000-6000
    after: wait-previous 0-6000, RUNNING 6000-7000
    ");
}
