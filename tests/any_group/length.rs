//! How long a calm flow takes, computed group by group without the simulator: a group is one task to the groups around it.

use parallelogram::flow::Version;

use super::{Block, Branch, Shape, Task, What};

/// The length of a flow, or of a group whose tasks run in sequence, in milliseconds.
pub fn in_sequence(block: &Block) -> u64 {
    sum(&block.tasks) + sum(&block.finally)
}

fn sum(tasks: &[Task]) -> u64 {
    tasks.iter().map(of).sum()
}

/// A task's length; 0 when it is disabled or skipped.
fn of(task: &Task) -> u64 {
    if task.flags.disabled || task.flags.skipped {
        return 0;
    }
    match &task.what {
        What::Sleep(ms) | What::Shell(ms) | What::TooLong(ms) => *ms,
        What::Return | What::Fails(_) | What::Subflow(_) => 0,
        What::Group(shape, block) if block.version != Version::V0_21 && has_no_task(shape, block) => match shape {
            Shape::AllowFailure | Shape::Switch(Branch::First | Branch::Otherwise) => sum(&block.finally),
            _ => 0,
        },
        What::Group(Shape::Loop(limit, n), block) => last_end(&vec![(in_sequence(block), Vec::new()); usize::from(*n)], *limit),
        What::Group(shape, block) => of_tasks(shape, block) + sum(&block.finally),
    }
}

/// Whether there is nothing to run in the main list of a group. Since 1.3 most groups then end at once, without their `finally`.
fn has_no_task(shape: &Shape, block: &Block) -> bool {
    let n_values = match shape {
        Shape::Loop(_, n) | Shape::ForEach(_, n) | Shape::EachSequential(n) | Shape::EachParallel(_, n) => *n,
        Shape::If(Branch::Never) | Shape::Switch(Branch::Never) => 0,
        _ => 1,
    };
    n_values == 0 || !matches!(shape, Shape::Loop(..)) && block.tasks.iter().all(|task| task.flags.disabled)
}

fn of_tasks(shape: &Shape, block: &Block) -> u64 {
    let tasks = &block.tasks;
    let one_after_another = block.version == Version::V1_3 && tasks.iter().any(|task| task.flags.disabled);
    // For each child its length and the children it waits for.
    let alone = || tasks.iter().map(|task| (of(task), Vec::new())).collect::<Vec<_>>();
    match shape {
        Shape::Parallel(limit, _) => last_end(&alone(), *limit),
        Shape::Dag(limit, needs, _) => {
            // A disabled task is not waited for, and waits for none.
            let waits = |needs: u8, k: &usize| needs >> k & 1 == 1 && !tasks[*k].flags.disabled;
            let needed = |(n, (task, needs)): (usize, (&Task, &u8))| {
                (of(task), (0..n).filter(|k| !task.flags.disabled && waits(*needs, k)).collect())
            };
            last_end(&tasks.iter().zip(needs).enumerate().map(needed).collect::<Vec<_>>(), *limit)
        }
        // An earlier value goes first, and its tasks wait for each other.
        Shape::ForEach(limit, n) if *limit != 1 && !one_after_another => {
            let lane = |k: usize| {
                tasks.iter().enumerate().map(move |(n, task)| (of(task), (n > 0).then(|| k * tasks.len() + n - 1).into_iter().collect()))
            };
            last_end(&(0..usize::from(*n)).flat_map(lane).collect::<Vec<_>>(), *limit)
        }
        Shape::EachParallel(limit, n) => last_end(&(0..*n).flat_map(|_| alone()).collect::<Vec<_>>(), *limit),
        Shape::ForEach(_, n) | Shape::EachSequential(n) => sum(tasks) * u64::from(*n),
        Shape::If(Branch::Never) | Shape::Switch(Branch::Never) => 0,
        _ => sum(tasks),
    }
}

/// When the last of them has ended: a free slot is taken by the first child whose dependencies have all ended.
fn last_end(children: &[(u64, Vec<usize>)], limit: u32) -> u64 {
    let limit = if limit == 0 { usize::MAX } else { limit as usize };
    let mut ends: Vec<Option<u64>> = vec![None; children.len()];
    let mut now = 0;
    loop {
        let has_ended = |end: &Option<u64>| end.is_some_and(|end| end <= now);
        let n_running = ends.iter().filter(|end| end.is_some() && !has_ended(end)).count();
        let may_start = |k: &usize| ends[*k].is_none() && children[*k].1.iter().all(|needed| has_ended(&ends[*needed]));
        let starts: Vec<usize> = (0..children.len()).filter(may_start).take(limit.saturating_sub(n_running)).collect();
        starts.iter().for_each(|k| ends[*k] = Some(now + children[*k].0));
        // A child of length 0 lets others start at the same moment.
        if starts.iter().all(|k| children[*k].0 > 0) {
            match ends.iter().flatten().filter(|end| **end > now).min() {
                Some(next) => now = *next,
                None => return now,
            }
        }
    }
}
