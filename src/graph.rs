//! Cycles in a directed graph.

/// A graph whose nodes are numbered from 0.
pub struct Graph<'a> {
    /// How many nodes it has.
    pub n_nodes: usize,
    /// The node that the nth edge of a node leads to; `None` after its last edge.
    pub edge: &'a dyn Fn(usize, usize) -> Option<usize>,
}

/// What the search for a cycle knows of a node.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    /// It is on the path that is being searched.
    OnPath,
    /// No cycle can be reached from it.
    Clear,
}

impl Graph<'_> {
    /// The nodes of the first cycle that is found, in the order of its edges; `None` when there is no cycle.
    #[must_use]
    pub fn cycle(&self) -> Option<Vec<usize>> {
        self.cycles().next().map(|(_, cycle)| cycle)
    }

    /// Each node from which a cycle can be reached, with the first such cycle that is found.
    pub fn cycles(&self) -> impl Iterator<Item = (usize, Vec<usize>)> {
        let mut marks = vec![Mark::New; self.n_nodes];
        (0..self.n_nodes).filter_map(move |start| Some((start, self.cycle_from(start, &mut marks)?)))
    }

    fn cycle_from(&self, start: usize, marks: &mut [Mark]) -> Option<Vec<usize>> {
        // Each node of the path with the number of its edges that have been followed.
        let mut path = if marks[start] == Mark::New { vec![(start, 0)] } else { Vec::new() };
        while let Some((node, n_followed)) = path.last_mut() {
            marks[*node] = Mark::OnPath;
            let next = (self.edge)(*node, *n_followed);
            *n_followed += 1;
            match next.map(|next| (next, marks[next])) {
                None => {
                    marks[*node] = Mark::Clear;
                    path.pop();
                }
                Some((next, Mark::OnPath)) => {
                    let cycle = path.iter().map(|(node, _)| *node).skip_while(|node| *node != next).collect();
                    path.iter().for_each(|(node, _)| marks[*node] = Mark::New);
                    return Some(cycle);
                }
                Some((_, Mark::Clear)) => {}
                Some((next, Mark::New)) => path.push((next, 0)),
            }
        }
        None
    }

    /// The nodes that lie on a cycle, in their order. Tarjan's algorithm: these are the strongly connected components of
    /// more than one node, and the nodes with an edge to themselves.
    #[must_use]
    pub fn on_cycles(&self) -> Vec<usize> {
        const UNSEEN: usize = usize::MAX;
        const CLOSED: usize = usize::MAX - 1;
        // When each node was first seen, then the first node of its component that is known so far.
        let (mut seen, mut low) = (vec![UNSEEN; self.n_nodes], vec![0; self.n_nodes]);
        let (mut n_seen, mut open, mut on_cycle) = (0, Vec::new(), vec![false; self.n_nodes]);
        for start in 0..self.n_nodes {
            let mut path = if seen[start] == UNSEEN { vec![(start, 0)] } else { Vec::new() };
            while let Some((node, n_followed)) = path.last_mut() {
                let node = *node;
                if seen[node] == UNSEEN {
                    (seen[node], low[node]) = (n_seen, n_seen);
                    n_seen += 1;
                    open.push(node);
                }
                if let Some(next) = (self.edge)(node, *n_followed) {
                    *n_followed += 1;
                    on_cycle[node] |= next == node;
                    match seen[next] {
                        UNSEEN => path.push((next, 0)),
                        CLOSED => {}
                        at => low[node] = low[node].min(at),
                    }
                    continue;
                }
                path.pop();
                if let Some((parent, _)) = path.last() {
                    low[*parent] = low[*parent].min(low[node]);
                }
                if low[node] == seen[node] {
                    let first = open.iter().rposition(|other| *other == node).unwrap_or(0);
                    let component = open.split_off(first);
                    for member in &component {
                        seen[*member] = CLOSED;
                        on_cycle[*member] |= component.len() > 1;
                    }
                }
            }
        }
        (0..self.n_nodes).filter(|node| on_cycle[*node]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with<T>(edges: &[Vec<usize>], ask: impl Fn(&Graph<'_>) -> T) -> T {
        ask(&Graph { n_nodes: edges.len(), edge: &|node, nth| edges[node].get(nth).copied() })
    }

    #[test]
    fn a_cycle_is_named_in_the_order_of_its_edges() {
        let edges = [vec![1], vec![2], vec![3], vec![1], vec![]];
        assert_eq!(with(&edges, |graph| graph.cycle()), Some(vec![1, 2, 3]));
        assert_eq!(with(&edges, |graph| graph.on_cycles()), [1, 2, 3]);
        assert_eq!(with(&edges, |graph| graph.cycles().map(|(from, _)| from).collect::<Vec<_>>()), [0, 1, 2, 3]);
        assert_eq!(with(&[vec![1, 1], vec![]], |graph| graph.cycle()), None);
        assert_eq!(with(&[vec![], vec![1]], |graph| graph.on_cycles()), [1]);
    }

    #[test]
    fn long_chains_need_no_deep_stack() {
        let n = 100_000;
        let edges: Vec<Vec<usize>> = (0..n).map(|node| vec![(node + 1) % n]).collect();
        assert_eq!(with(&edges, |graph| graph.cycle()).map(|cycle| cycle.len()), Some(n));
        assert_eq!(with(&edges, |graph| graph.on_cycles()).len(), n);
    }

    proptest! {
        #[test]
        fn what_lies_on_a_cycle_can_reach_itself(edges in proptest::collection::vec(proptest::collection::vec(0usize..8, 0..3), 8)) {
            let reaches = |from: usize| {
                let (mut seen, mut open) = ([false; 8], edges[from].clone());
                while let Some(node) = open.pop() {
                    if !std::mem::replace(&mut seen[node], true) {
                        open.extend(&edges[node]);
                    }
                }
                seen
            };
            let expected: Vec<usize> = (0..8).filter(|node| reaches(*node)[*node]).collect();
            prop_assert_eq!(with(&edges, |graph| graph.on_cycles()), expected.clone());
            let found: Vec<(usize, Vec<usize>)> = with(&edges, |graph| graph.cycles().collect());
            let starts: Vec<usize> = found.iter().map(|(start, _)| *start).collect();
            let lead: Vec<usize> = (0..8).filter(|node| expected.contains(node) || expected.iter().any(|on| reaches(*node)[*on])).collect();
            prop_assert_eq!(starts, lead);
            for (_, cycle) in found {
                let next = cycle.iter().cycle().skip(1);
                prop_assert!(cycle.iter().zip(next).all(|(node, next)| edges[*node].contains(next)));
            }
        }
    }
}
