import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.LogEntry;
import io.kestra.core.models.executions.TaskRun;
import io.kestra.core.models.executions.TaskRunAttempt;
import io.kestra.core.models.flows.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The executions of a case as a record. Times are milliseconds since the first execution was created; `startedBy` and `parent` are places
 * in the lists beside them.
 */
final class Recording {
    /** The most lines of log of one execution. */
    private static final int MOST_LOGS = 300;
    private final Engine engine;
    private final List<Execution> all;
    private final Names names;
    private final Instant zero;

    Recording(Engine engine, String tenant, List<String> started, Path folder) throws Exception {
        this.engine = engine;
        this.all = new ArrayList<>(engine.tables().executions(tenant));
        // The started ones first, then by the first task run or state of their own.
        all.sort(Comparator.comparing((Execution one) -> started.contains(one.getId()) ? 0 : 1)
            .thenComparing(this::ownBeginning)
            .thenComparing(one -> Optional.ofNullable(engine.iteration(one)).map(Engine.Iteration::index).orElse(0)));
        this.names = new Names(all, tenant, folder.toString());
        this.zero = all.stream().map(one -> one.getState().getStartDate()).min(Comparator.naturalOrder()).orElse(Instant.EPOCH);
    }

    static List<TaskRun> runs(Execution one) {
        return one.getTaskRunList() == null ? List.of() : one.getTaskRunList();
    }

    /** An iteration inherits the states of the execution around it. */
    private Instant ownBeginning(Execution one) {
        if (engine.iteration(one) == null) return one.getState().getStartDate();
        Instant last = one.getState().getHistories().getLast().getDate();
        return runs(one).stream().map(run -> run.getState().getStartDate()).min(Comparator.naturalOrder()).orElse(last);
    }

    List<Object> write() throws Exception {
        List<Object> list = new ArrayList<>();
        for (Execution one : all) list.add(execution(one));
        return list;
    }

    private Map<String, Object> execution(Execution one) throws Exception {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("flow", one.getNamespace() + "." + one.getFlowId());
        entry.put("startedBy", startedBy(one));
        if (one.getKind() != null) entry.put("kind", one.getKind().name());
        Engine.Iteration iteration = engine.iteration(one);
        if (iteration != null) {
            Map<String, Object> loop = new LinkedHashMap<>();
            loop.put("task", iteration.task());
            loop.put("index", iteration.index());
            loop.put("key", iteration.key());
            loop.put("value", iteration.value());
            if (iteration.parents() != null) loop.put("parents", iteration.parents());
            entry.put("loop", names.clean(loop));
        }
        entry.put("state", one.getState().getCurrent().name());
        entry.put("histories", histories(one.getState()));
        entry.put("inputs", names.clean(Optional.ofNullable(one.getInputs()).orElse(Map.of())));
        entry.put("outputs", names.clean(engine.outputs(one)));
        if (one.getVariables() != null && !one.getVariables().isEmpty()) entry.put("variables", names.clean(one.getVariables()));
        Map<String, Object> labels = new TreeMap<>();
        Optional.ofNullable(one.getLabels()).orElse(List.of()).forEach(label -> labels.put(label.key(), label.value()));
        entry.put("labels", names.clean(labels));
        List<Object> taskRuns = new ArrayList<>();
        for (TaskRun run : runs(one)) taskRuns.add(taskRun(one, run));
        entry.put("taskRuns", taskRuns);
        List<LogEntry> logs = engine.tables().logs(one.getId());
        entry.put("logs", logs.stream().limit(MOST_LOGS).map(this::log).toList());
        if (logs.size() > MOST_LOGS) entry.put("logsLeftOut", logs.size() - MOST_LOGS);
        return entry;
    }

    private Object startedBy(Execution one) throws Exception {
        Engine.Iteration iteration = engine.iteration(one);
        if (iteration != null) return link(one.getParentId(), iteration.taskRunId());
        Map<String, Object> variables = one.getTrigger() == null ? null : one.getTrigger().getVariables();
        Object caller = variables == null ? null : variables.get("executionId");
        if (caller != null) {
            Object run = variables.get("taskRunId");
            return link(String.valueOf(caller), run == null ? runThatStarted(String.valueOf(caller), one) : String.valueOf(run));
        }
        // A new execution that a retry made.
        String origin = one.getOriginalId() == null || one.getOriginalId().equals(one.getId()) ? one.getParentId() : one.getOriginalId();
        return origin == null || place(origin) == null ? null : link(origin, null);
    }

    private String runThatStarted(String caller, Execution called) throws Exception {
        for (Execution one : all) {
            if (!one.getId().equals(caller)) continue;
            for (TaskRun run : runs(one)) if (called.getId().equals(engine.outputs(run).get("executionId"))) return run.getId();
        }
        return null;
    }

    private Map<String, Object> link(String executionId, String runId) {
        Map<String, Object> link = new LinkedHashMap<>();
        Integer at = place(executionId);
        link.put("execution", at);
        link.put("taskRun", at == null ? null : placeOf(runs(all.get(at)), runId));
        return link;
    }

    private Integer place(String id) {
        for (int i = 0; i < all.size(); i++) if (all.get(i).getId().equals(id)) return i;
        return null;
    }

    private static Integer placeOf(List<TaskRun> runs, String id) {
        for (int i = 0; i < runs.size(); i++) if (runs.get(i).getId().equals(id)) return i;
        return null;
    }

    private Map<String, Object> taskRun(Execution one, TaskRun run) throws Exception {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("task", run.getTaskId());
        if (run.getValue() != null) entry.put("value", names.clean(run.getValue()));
        if (run.getIteration() != null) entry.put("iteration", run.getIteration());
        entry.put("parent", placeOf(runs(one), run.getParentTaskRunId()));
        entry.put("state", run.getState().getCurrent().name());
        entry.put("histories", histories(run.getState()));
        List<Object> attempts = new ArrayList<>();
        for (TaskRunAttempt attempt : Optional.ofNullable(run.getAttempts()).orElse(List.of())) {
            Map<String, Object> tried = new LinkedHashMap<>();
            tried.put("state", attempt.getState().getCurrent().name());
            tried.put("startMs", ms(attempt.getState().getStartDate()));
            tried.put("endMs", attempt.getState().getEndDate().map(this::ms).orElse(null));
            attempts.add(tried);
        }
        entry.put("attempts", attempts);
        entry.put("outputs", names.clean(engine.outputs(run)));
        return entry;
    }

    private List<Object> log(LogEntry entry) {
        String message = entry.getMessage() == null ? "" : entry.getMessage().replaceFirst("\n\tat [\\s\\S]*", ""); // without stack traces
        return Arrays.asList(ms(entry.getTimestamp()), entry.getLevel().name(), entry.getTaskId(), names.clean(message));
    }

    private List<Object> histories(State state) {
        List<Object> list = new ArrayList<>();
        for (State.History entry : state.getHistories()) list.add(List.of(entry.getState().name(), ms(entry.getDate())));
        return list;
    }

    private long ms(Instant date) {
        return Duration.between(zero, date).toMillis();
    }
}
