import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.TaskRun;
import io.kestra.core.models.flows.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes a line for each state that came since the last look, in the order of their dates. */
final class States {
    private record Seen(Instant at, Map<String, Object> line) {}

    private final Engine engine;
    private final Lines lines;
    private final Map<String, Integer> places = new HashMap<>();
    /** How many states of an execution or a task run are written. */
    private final Map<String, Integer> written = new HashMap<>();
    private Instant zero;

    States(Engine engine, Lines lines) {
        this.engine = engine;
        this.lines = lines;
    }

    void look(List<Execution> executions) {
        List<Seen> found = new ArrayList<>();
        for (Execution one : executions) {
            if (zero == null) zero = one.getState().getStartDate();
            places.putIfAbsent(one.getId(), places.size());
            add(found, one, null, one.getState(), inherited(executions, one));
            for (TaskRun run : Recording.runs(one)) add(found, one, run, run.getState(), Set.of());
        }
        found.sort(Comparator.comparing(Seen::at));
        found.forEach(seen -> lines.write(seen.line));
    }

    /** The dates of the states that an iteration has from the execution around it. */
    private Set<Instant> inherited(List<Execution> executions, Execution one) {
        if (engine.iteration(one) == null) return Set.of();
        return executions.stream().filter(around -> around.getId().equals(one.getParentId()))
            .flatMap(around -> around.getState().getHistories().stream()).map(State.History::getDate).collect(Collectors.toSet());
    }

    private void add(List<Seen> found, Execution one, TaskRun run, State state, Set<Instant> inherited) {
        String id = run == null ? one.getId() : run.getId();
        List<State.History> histories = state.getHistories();
        for (State.History entry : histories.subList(Math.min(written.getOrDefault(id, 0), histories.size()), histories.size())) {
            if (inherited.contains(entry.getDate())) continue;
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("ms", Duration.between(zero, entry.getDate()).toMillis());
            line.put("execution", places.get(one.getId()));
            line.put("flow", one.getFlowId());
            if (run != null) line.put("task", run.getTaskId());
            if (run != null && run.getValue() != null) line.put("value", run.getValue());
            if (engine.iteration(one) != null) line.put("item", engine.iteration(one).value());
            line.put("state", entry.getState().name());
            found.add(new Seen(entry.getDate(), line));
        }
        written.put(id, histories.size());
    }
}
