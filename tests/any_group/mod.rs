//! Random flows with groups of every kind, as values: what the properties of `properties.rs` are tried on.
//!
//! `calm` flows have no failure, no retry and nothing that pauses: how long they take can be worked out group by group.

pub mod laws;
pub mod length;
pub mod write;

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
    /// Fails at once in its first so many attempts.
    Fails(u32),
    /// Is stopped by its timeout after so long, each time.
    TooLong(u64),
    /// Runs the second flow; whether it waits for its end.
    Subflow(bool),
    Group(Shape, Block),
}

#[derive(Debug, Clone)]
pub enum Shape {
    Sequential,
    AllowFailure,
    /// Its tasks are leaves.
    WorkingDirectory,
    Parallel(u32),
    /// Bit `k` of the n-th number: the n-th task waits for the k-th, if that one stands before it.
    Dag(u32, Vec<u8>),
    /// The limit and how many values.
    ForEach(u32, u8),
    EachSequential(u8),
    EachParallel(u32, u8),
    If(Branch),
    Switch(Branch),
    /// For so long, then its tasks.
    Pause(u64),
    /// So many rounds with so long between; whether the condition ends it, and not the number of rounds.
    LoopUntil(u32, u64, bool),
}

/// Where the tasks of an If or a Switch stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Branch {
    /// In `then`, or the case that is met.
    First,
    /// In `else`, or the defaults.
    Otherwise,
    /// Where nobody comes.
    Never,
}

#[derive(Clone)]
pub struct Block {
    pub tasks: Vec<Task>,
    pub errors: Vec<Task>,
    pub finally: Vec<Task>,
}

/// As its text: what a broken rule is told with.
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

/// Several executions of a flow that may call another, with the settings of their number.
#[derive(Debug, Clone)]
pub struct Flows {
    pub main: Block,
    pub called: Block,
    /// For both flows how many executions may run at once, and what becomes of more: QUEUE, CANCEL, FAIL.
    pub concurrency: [Option<(u32, &'static str)>; 2],
}

/// Lengths are small numbers, so that many tasks end at the same moment.
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

fn block(task: &BoxedStrategy<Task>, calm: bool) -> impl Strategy<Value = Block> + use<> {
    let few = |of: BoxedStrategy<Task>| prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(of, 1..3)];
    (prop::collection::vec(task.clone(), 1..5), few(task.clone()), few(leaf(calm))).prop_map(|(tasks, errors, finally)| Block {
        tasks,
        errors,
        finally,
    })
}

fn shape(calm: bool) -> BoxedStrategy<Shape> {
    let branch = |with_never: bool| {
        let never = if with_never { Branch::Never } else { Branch::First };
        prop_oneof![Just(Branch::First), Just(Branch::Otherwise), Just(never)]
    };
    let always = prop_oneof![
        2 => Just(Shape::Sequential),
        1 => Just(Shape::AllowFailure),
        4 => (0u32..4).prop_map(Shape::Parallel),
        3 => (0u32..4, prop::collection::vec(any::<u8>(), 4)).prop_map(|(limit, needs)| Shape::Dag(limit, needs)),
        3 => (0u32..4, 0u8..4).prop_map(|(limit, n)| Shape::ForEach(limit, n)),
        1 => (0u8..4).prop_map(Shape::EachSequential),
        1 => (0u32..4, 0u8..4).prop_map(|(limit, n)| Shape::EachParallel(limit, n)),
        1 => branch(true).prop_map(Shape::If),
        1 => branch(!calm).prop_map(Shape::Switch),
    ];
    let holding = prop_oneof![
        length_ms().prop_map(Shape::Pause),
        (1u32..4, 0u64..6, any::<bool>()).prop_map(|(rounds, every, by_condition)| Shape::LoopUntil(rounds, every, by_condition)),
    ];
    if calm { always.boxed() } else { prop_oneof![8 => always, 1 => holding].boxed() }
}

fn task(calm: bool) -> BoxedStrategy<Task> {
    leaf(calm)
        .prop_recursive(3, 20, 5, move |inner| {
            let groups = (shape(calm), block(&inner.boxed(), calm), flags(calm));
            let directories = (Just(Shape::WorkingDirectory), block(&leaf(calm), calm), flags(calm));
            prop_oneof![9 => groups, 1 => directories].prop_map(|(shape, block, flags)| Task { what: What::Group(shape, block), flags })
        })
        .boxed()
}

/// What a flow holds at its top level.
pub fn flow(calm: bool) -> impl Strategy<Value = Block> {
    block(&task(calm), calm)
}

/// Two flows.
pub fn flows() -> impl Strategy<Value = Flows> {
    let concurrency = || prop::option::weighted(0.4, (1u32..3, prop::sample::select(&["QUEUE", "CANCEL", "FAIL"][..])));
    (flow(false), flow(false), concurrency(), concurrency()).prop_map(|(main, called, of_main, of_called)| Flows {
        main,
        called,
        concurrency: [of_main, of_called],
    })
}
