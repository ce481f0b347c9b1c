//! What the parameters of a link mean, for the reference. The page has no use for these texts, so they are not in [`PARAMETERS`].
//!
//! [`PARAMETERS`]: crate::share::PARAMETERS

/// The values of each parameter, in the order of [`crate::share::PARAMETERS`].
pub const PARAMETER_WORDS: &[(&str, &str)] = &[
    ("flow", "`1`, followed by the text, deflated (raw) and in base64url"),
    ("yaml", "the text"),
    ("example", "the id of an example"),
    ("c", "`parent:4,inner:2`: slots that replace those in the text; 0 is no limit"),
    ("view", "`gantt` or `slots`"),
    ("panel", "`details`, `log`, `curve`, `table`, `times` or `compare`"),
    ("heat", "two groups with a comma between them: the heat map of their limits stands in the place of the curve"),
    ("critical", "`1` shows the critical path"),
    ("t", "a time such as `1.25s`: where the playhead stands"),
    ("sel", "the selected row"),
    ("in", "inputs: a JSON object as base64url"),
    ("assume", "assumptions: a JSON object as base64url"),
    ("seed", "as `--seed` of the tool"),
    ("start", "as `--start`"),
    ("server", "as `--server-model`: `ideal` or `measured`"),
    ("delay", "as `--dispatch-delay`"),
    ("workers", "as `--workers`"),
    ("cores", "as `--cores`"),
    ("executions", "`N@EVERY`, as `--executions`"),
    ("blackout", "blackout periods, `FROM/TO` with commas between them"),
    ("template", "the title or id of the template that is run"),
    ("kestra", "the version of Kestra that the text is read for: `2.0`, `1.3`, `0.21`; without it the one the text is for"),
    ("fold", "rows whose folding differs from the initial one"),
    ("speed", "`0.25` to `16`, or `max`"),
    ("autoplay", "`1` starts playing at once, unless the reader prefers reduced motion"),
    (
        "kept",
        "plans that were kept: JSON as base64url, 4,096 characters at most. First the names of the two that are compared, then for each plan \
         its name, the settings of its run as a fragment, and for each part of the text that differs the first line, from 0, how many lines \
         it replaces, and the lines in their place, each with a line feed",
    ),
    ("upgrade", "`2.0`: what changes in that version of Kestra is open"),
    ("lesson", "the id of a lesson, which brings its own flow; nothing else of the link is then used but what is about a frame"),
    ("step", "the step of the lesson, from 1"),
    ("lessons", "no value: the list of all lessons is open"),
    ("code", "`open`, `drawer` or `none`: where the text is"),
    ("edit", "`0` makes the text read-only"),
    ("theme", "`light` or `dark`; else that of the system, in the element that of the page around it"),
    ("lang", "the language: `en` or `de`; else the one that was chosen on the page, else that of the browser"),
    ("height", "the height that it has to fit into, in pixels"),
    ("expect", "what the author of the page claims of the run: a tick or what differs is shown beside the result"),
];
