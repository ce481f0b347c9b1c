//! Random flows with groups of every kind that a version of Kestra knows, as values: the inputs of the properties in `properties.rs`.
//!
//! `calm` flows have no failure, no retry and no pause, so how long they take can be computed group by group.

pub mod found;
pub mod laws;
pub mod length;
pub mod write;

use parallelogram::flow::Version;
use proptest::prelude::*;

#[derive(Debug, Clone)]
pub struct Task {
    pub what: What,
    pub flags: Flags,
}

#[derive(Debug, Clone)]
pub enum What {
    Sleep(u64),
    Shell(u64),
    Return,
    /// Fails at once in this many first attempts.
    Fails(u32),
    /// Is stopped by its timeout after this long, in each attempt.
    TooLong(u64),
    /// Starts the second flow; the flag says whether it waits for its end.
    Subflow(bool),
    Group(Shape, Block),
}

#[derive(Debug, Clone)]
pub enum Shape {
    Sequential,
    AllowFailure,
    /// Its tasks are leaves.
    WorkingDirectory,
    /// The limit, and `onChildFailure`.
    Parallel(u32, OnChildFailure),
    /// The limit, and for each task a mask: bit `k` makes it wait for task `k`, if that one comes earlier.
    Dag(u32, Vec<u8>, OnChildFailure),
    /// The limit and the number of values.
    Loop(u32, u8),
    /// The limit and the number of values.
    ForEach(u32, u8),
    EachSequential(u8),
    EachParallel(u32, u8),
    If(Branch),
    Switch(Branch),
    /// Pauses this long, then runs its tasks.
    Pause(u64),
    /// The number of rounds, the time between them, and whether the condition ends it or the maximum number of rounds does.
    LoopUntil(u32, u64, bool),
}

/// What is written as `onChildFailure`.
type OnChildFailure = Option<&'static str>;

/// Which list of an If or a Switch holds the tasks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Branch {
    /// `then`, or the matching case.
    First,
    /// `else`, or the defaults.
    Otherwise,
    /// A list that is never chosen.
    Never,
}

#[derive(Clone)]
pub struct Block {
    pub version: Version,
    pub tasks: Vec<Task>,
    pub errors: Vec<Task>,
    pub finally: Vec<Task>,
}

/// As the text of the flow, which makes the report of a broken rule readable.
impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\n{}", write::text(self))
    }
}

#[derive(Debug, Clone, Default)]
pub struct Flags {
    pub disabled: bool,
    pub skipped: bool,
    /// Whether its `runIf` can't be rendered.
    pub unclear: bool,
    pub allow_failure: bool,
    pub allow_warning: bool,
    /// The delay, how many attempts, and whether each is an execution of its own.
    pub retry: Option<(u64, u32, bool)>,
}

/// A flow that may call another, and how many executions of each may run at once.
#[derive(Debug, Clone)]
pub struct Flows {
    pub main: Block,
    pub called: Block,
    /// For both flows: how many executions may run at once, and what happens to more (QUEUE, CANCEL, FAIL).
    pub concurrency: [Option<(u32, &'static str)>; 2],
}

/// Small numbers, so that many tasks end at the same moment.
fn length_ms() -> impl Strategy<Value = u64> {
    prop_oneof![2 => Just(0), 8 => 1u64..8, 1 => 8u64..5000]
}

fn flags(calm: bool) -> impl Strategy<Value = Flags> {
    let seldom = || prop::bool::weighted(0.1);
    let retry = if calm { Just(None).boxed() } else { prop::option::weighted(0.2, (0u64..6, 1u32..4, prop::bool::weighted(0.2))).boxed() };
    let unclear = if calm { Just(false).boxed() } else { prop::bool::weighted(0.03).boxed() };
    (seldom(), seldom(), unclear, seldom(), seldom(), retry).prop_map(
        |(disabled, skipped, unclear, allow_failure, allow_warning, retry)| Flags {
            disabled,
            skipped,
            unclear,
            allow_failure,
            allow_warning,
            retry,
        },
    )
}

fn leaf(calm: bool) -> BoxedStrategy<Task> {
    let good = prop_oneof![4 => length_ms().prop_map(What::Sleep), 3 => length_ms().prop_map(What::Shell), 1 => Just(What::Return)];
    let bad = prop_oneof![
        2 => (1u32..4).prop_map(What::Fails),
        2 => (0u64..8).prop_map(What::TooLong),
        1 => any::<bool>().prop_map(What::Subflow),
    ];
    let what = if calm { good.boxed() } else { prop_oneof![5 => good, 1 => bad].boxed() };
    (what, flags(calm)).prop_map(|(what, flags)| Task { what, flags }).boxed()
}

fn block(task: &BoxedStrategy<Task>, version: Version, calm: bool) -> impl Strategy<Value = Block> + use<> {
    let few = |of: BoxedStrategy<Task>| prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(of, 1..3)];
    (prop::collection::vec(task.clone(), 1..5), few(task.clone()), few(leaf(calm))).prop_map(move |(tasks, errors, finally)| Block {
        version,
        tasks,
        errors,
        finally,
    })
}

fn shape(version: Version, calm: bool) -> BoxedStrategy<Shape> {
    let branch = |with_never: bool| {
        let never = if with_never { Branch::Never } else { Branch::First };
        prop_oneof![Just(Branch::First), Just(Branch::Otherwise), Just(never)]
    };
    let on_child_failure = || match version {
        Version::V2_0 => prop::option::of(prop::sample::select(&["FAIL", "CANCEL", "CONTINUE"][..])).boxed(),
        Version::V0_21 | Version::V1_3 => Just(None).boxed(),
    };
    let looping = match version {
        Version::V2_0 => (0u32..4, 0u8..4).prop_map(|(limit, n)| Shape::Loop(limit, n)).boxed(),
        Version::V0_21 | Version::V1_3 => prop_oneof![
            3 => (0u32..4, 0u8..4).prop_map(|(limit, n)| Shape::ForEach(limit, n)),
            1 => (0u8..4).prop_map(Shape::EachSequential),
            1 => (0u32..4, 0u8..4).prop_map(|(limit, n)| Shape::EachParallel(limit, n)),
        ]
        .boxed(),
    };
    let always = prop_oneof![
        2 => Just(Shape::Sequential),
        1 => Just(Shape::AllowFailure),
        4 => (0u32..4, on_child_failure()).prop_map(|(limit, failure)| Shape::Parallel(limit, failure)),
        3 => (0u32..4, prop::collection::vec(any::<u8>(), 4), on_child_failure())
            .prop_map(|(limit, needs, failure)| Shape::Dag(limit, needs, failure)),
        5 => looping,
        1 => branch(true).prop_map(Shape::If),
        1 => branch(!calm).prop_map(Shape::Switch),
    ];
    let holding = prop_oneof![
        length_ms().prop_map(Shape::Pause),
        (1u32..4, 0u64..6, any::<bool>()).prop_map(|(rounds, every, by_condition)| Shape::LoopUntil(rounds, every, by_condition)),
    ];
    if calm { always.boxed() } else { prop_oneof![8 => always, 1 => holding].boxed() }
}

fn task(version: Version, calm: bool) -> BoxedStrategy<Task> {
    leaf(calm)
        .prop_recursive(3, 20, 5, move |inner| {
            let groups = (shape(version, calm), block(&inner.boxed(), version, calm), flags(calm));
            let directories = (Just(Shape::WorkingDirectory), block(&leaf(calm), version, calm), flags(calm));
            prop_oneof![9 => groups, 1 => directories].prop_map(|(shape, block, flags)| Task { what: What::Group(shape, block), flags })
        })
        .boxed()
}

/// The top level of a flow.
pub fn flow(version: Version, calm: bool) -> impl Strategy<Value = Block> {
    block(&task(version, calm), version, calm)
}

/// Two flows.
pub fn flows(version: Version) -> impl Strategy<Value = Flows> {
    let concurrency = || prop::option::weighted(0.4, (1u32..3, prop::sample::select(&["QUEUE", "CANCEL", "FAIL"][..])));
    (flow(version, false), flow(version, false), concurrency(), concurrency()).prop_map(|(main, called, of_main, of_called)| Flows {
        main,
        called,
        concurrency: [of_main, of_called],
    })
}
