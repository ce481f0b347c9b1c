use super::*;
use crate::render::svg::svg;

#[test]
fn svg_is_one_file_with_a_title_and_no_script() {
    let (_, flows, trace) = run();
    let file = svg(&flows, &trace);
    assert!(file.contains("<title id=\"pg-title\">f: 2.0 s</title>") && !file.contains("<script") && !file.contains("href"));
    let body = file.split("</style>").nth(1).expect("there is a style");
    insta::assert_snapshot!(body.replace("><", ">\n<").lines().filter(|line| !line.contains("pattern")).collect::<Vec<_>>().join("\n"), @r#"
    <defs>
    </defs>
    <rect class="ground" width="892" height="152"/>
    <path class="grid" d="M184.5 28V152"/>
    <path class="tick" d="M184.5 23v5"/>
    <text class="muted" text-anchor="middle" x="184" y="18">0</text>
    <path class="grid" d="M353.5 28V152"/>
    <path class="tick" d="M353.5 23v5"/>
    <text class="muted" text-anchor="middle" x="353" y="18">0.5</text>
    <path class="grid" d="M522.5 28V152"/>
    <path class="tick" d="M522.5 23v5"/>
    <text class="muted" text-anchor="middle" x="522" y="18">1.0</text>
    <path class="grid" d="M691.5 28V152"/>
    <path class="tick" d="M691.5 23v5"/>
    <text class="muted" text-anchor="middle" x="691" y="18">1.5</text>
    <path class="grid" d="M860.5 28V152"/>
    <path class="tick" d="M860.5 23v5"/>
    <text class="muted" text-anchor="middle" x="860" y="18">2.0 s</text>
    <text class="muted" x="16" y="18">time</text>
    <text class="group" text-anchor="end" x="164" y="18">2.0 s</text>
    <g transform="translate(0 32)">
    <text class="name group" x="16" y="18">p</text>
    <text class="muted" text-anchor="end" x="164" y="18">2.0 s</text>
    <g transform="translate(176 0)">
    <rect class="pg-bar pg-bar__box--success" x="8.5" y="5.5" width="675" height="17" rx="3"/>
    <path class="pg-bar__cap--success" d="M13 5h-2a3 3 0 0 0-3 3v12a3 3 0 0 0 3 3h2z"/>
    <text class="pg-bar__text--plain" x="20" y="18">Parallel, 1 slot</text>
    <text class="pg-bar__letter pg-bar__letter--plain" x="674" y="18">S</text>
    </g>
    </g>
    <g transform="translate(0 60)">
    <text class="name" x="30" y="18">a</text>
    <text class="muted" text-anchor="end" x="164" y="18">1.0 s</text>
    <g transform="translate(176 0)">
    <rect class="pg-bar pg-bar--success" x="8.5" y="5.5" width="337" height="17" rx="3"/>
    <text class="pg-bar__text" x="16" y="18">1.0 s</text>
    <text class="pg-bar__letter" x="336" y="18">S</text>
    </g>
    </g>
    <g transform="translate(0 88)">
    <text class="name" x="30" y="18">b</text>
    <text class="muted" text-anchor="end" x="164" y="18">1.0 s</text>
    <g transform="translate(176 0)">
    <rect class="pg-bar pg-bar--wait-slot" x="8.5" y="5.5" width="337" height="17" rx="3"/>
    <rect fill="url(#pg-dots)" x="10" y="7" width="334" height="14"/>
    <rect class="pg-bar__plate" x="10" y="7" width="36.4" height="14"/>
    <text class="pg-bar__text--muted" x="18" y="18">slot</text>
    <rect class="pg-bar__plate" x="328" y="7" width="14" height="14"/>
    <text class="pg-bar__letter pg-bar__letter--muted" x="335" y="18">w</text>
    <rect class="pg-bar pg-bar--success" x="346.5" y="5.5" width="337" height="17" rx="3"/>
    <text class="pg-bar__text" x="354" y="18">1.0 s</text>
    <text class="pg-bar__letter" x="674" y="18">S</text>
    </g>
    </g>
    <g transform="translate(0 116)">
    <text class="name" x="16" y="18">last</text>
    <text class="muted" text-anchor="end" x="164" y="18">0 s</text>
    <g transform="translate(176 0)">
    <path class="pg-bar pg-bar--wait-previous" d="M8.5 11v6M8.5 14.5H683.5M683.5 11v6" shape-rendering="crispEdges"/>
    <path class="pg-bar pg-bar--success" d="M684 8l6 6-6 6-6-6z"/>
    </g>
    </g>
    </svg>
    "#);
    let desc = file.split("<desc id=\"pg-desc\">").nth(1).and_then(|rest| rest.split("</desc>").next());
    insta::assert_snapshot!(desc.expect("there is a description"), @"p, running 0 to 2 seconds, success. a, running 0 to 1 second, success. b, waiting for a slot 0 to 1 second, running 1 to 2 seconds, success. last, waiting for an earlier task 0 to 2 seconds, running at 2 seconds, success.");
}

#[test]
fn svg_gives_long_names_room_and_cuts_longer_ones() {
    let file = |id: &str| {
        let source = Source::new("flow.yaml", TEXT.replace("id: last", &format!("id: {id}")));
        let (_, flows, _) = read_text(&source);
        svg(&flows, &simulate(&flows, &Scenario::default()))
    };
    let long = file("a-task-with-quite-a-long-name");
    assert!(long.contains(">a-task-with-quite-a-long-name</text>") && !long.contains("translate(176 0)"));
    let longer = file(&"n".repeat(100));
    assert!(longer.contains(&format!(">{}…</text>", "n".repeat(37))) && longer.contains("translate(356 0)"), "{longer}");
}
