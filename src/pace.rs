//! Long work that gives way. What it computes is the same, however often it does.

use std::cell::Cell;

thread_local! {
    static GIVE_WAY: Cell<Option<fn()>> = const { Cell::new(None) };
    static AT_ALLOCATIONS: Cell<bool> = const { Cell::new(false) };
}

/// To be called between two steps of work that grows with the text, about every microsecond. It does nothing, but for work that was
/// begun by [`giving_way`]. What others may use must not be borrowed then.
pub fn give_way() {
    if let Some(give_way) = GIVE_WAY.get() {
        give_way();
    }
}

/// Does a piece of work, which calls `give_way` between its steps.
pub fn giving_way<T>(give_way: fn(), work: impl FnOnce() -> T) -> T {
    GIVE_WAY.set(Some(give_way));
    let done = work();
    GIVE_WAY.set(None);
    done
}

/// Sorts a long list, and gives way between its steps.
pub fn sort<T: Ord>(list: &mut [T]) {
    list.sort_unstable_by(|a, b| {
        give_way();
        a.cmp(b)
    });
}

/// Does work of a library, which gives way whenever it allocates or frees memory. It must not use what is borrowed or locked meanwhile.
pub fn at_allocations<T>(work: impl FnOnce() -> T) -> T {
    let before = AT_ALLOCATIONS.replace(true);
    let done = work();
    AT_ALLOCATIONS.set(before);
    done
}

/// To be called by an allocator before it allocates or frees.
pub fn allocates() {
    if AT_ALLOCATIONS.get() {
        give_way();
    }
}

/// Rests: what is done meanwhile does not give way.
pub fn resting(rest: impl FnOnce()) {
    let (give_way, at_allocations) = (GIVE_WAY.take(), AT_ALLOCATIONS.take());
    rest();
    GIVE_WAY.set(give_way);
    AT_ALLOCATIONS.set(at_allocations);
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::flow::read_text;
    use crate::source::Source;

    thread_local! {
        static TIMES: Cell<usize> = const { Cell::new(0) };
    }

    fn count() {
        TIMES.set(TIMES.get() + 1);
    }

    #[test]
    fn reading_gives_way_at_each_task_and_reads_the_same() {
        let task = |n| format!("  - {{id: t{n}, type: io.kestra.plugin.core.flow.Sleep, duration: PT1S}}\n");
        let text = format!("id: many\nnamespace: n\ntasks:\n{}", (0..100).map(task).collect::<String>());
        let source = Source::new("flow.yaml", text);
        let (_, flows, found) = giving_way(count, || read_text(&source));
        assert!(TIMES.get() >= 200, "checked and read: {}", TIMES.get());
        let before = TIMES.get();
        assert_eq!((flows, found), {
            let (_, flows, found) = read_text(&source);
            (flows, found)
        });
        assert_eq!(TIMES.get(), before);
    }
}
