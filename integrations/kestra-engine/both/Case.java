import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.TaskRun;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.models.flows.GenericFlow;
import io.kestra.core.models.flows.State;
import io.kestra.core.models.flows.check.Check;
import io.kestra.core.models.validations.ValidateConstraintViolation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** One case: its flows are saved, its executions started and followed to the end of all that they caused, and written down. */
final class Case {
    private static final long LOOK_MS = 50;
    /** Nothing may change for so long before a case counts as ended. */
    private static final long QUIET_MS = 500;
    /** A finished execution may have an `afterExecution` that never gets on. */
    private static final long LONG_QUIET_MS = 5_000;
    private static final long KILL_MS = 5_000;
    private static volatile boolean isStopped;

    private final Engine engine;
    private final Request request;
    private final Request.Settings settings;
    private final String tenant;
    private final Lines lines;
    private final Path folder;
    private final Map<String, Object> record = new LinkedHashMap<>();

    Case(Engine engine, Request request, String tenant, Lines lines, Path folder) {
        this.engine = engine;
        this.request = request;
        this.settings = request.settingsOrNone();
        this.tenant = tenant;
        this.lines = lines;
        this.folder = folder;
    }

    /** Kills what runs, as soon as somebody looks. */
    static void stop() {
        isStopped = true;
    }

    /** The record; what does not end is killed after it is written. `refused` and `inputErrors` are what the server said instead of running the flow. */
    Map<String, Object> run() throws Exception {
        record.put("case", request.name());
        record.put("engine", engine.name());
        try {
            List<String> started = List.of();
            if (saveFlows()) started = startExecutions();
            if (!started.isEmpty()) follow(started);
            record.put("executions", new Recording(engine, tenant, started, folder).write());
            if (record.containsKey("stillRunning")) killAll(new States(engine, Lines.none()));
        } finally {
            engine.cleanUp(tenant);
        }
        return record;
    }

    /** Checks each flow as the server's "validate" does and saves it as its "create" does, the called ones first; false if one is refused. */
    private boolean saveFlows() {
        Set<String> refused = new LinkedHashSet<>();
        Set<String> warnings = new LinkedHashSet<>();
        for (String source : request.documents().reversed()) {
            for (ValidateConstraintViolation found : engine.validate(tenant, source)) {
                if (found.getConstraints() != null && !found.getConstraints().isBlank()) refused.add(found.getConstraints().strip());
                Optional.ofNullable(found.getDeprecationPaths()).ifPresent(paths -> paths.forEach(path -> warnings.add("deprecated: " + path)));
                Optional.ofNullable(found.getWarnings()).ifPresent(warnings::addAll);
                Optional.ofNullable(found.getInfos()).ifPresent(infos -> infos.forEach(info -> warnings.add("info: " + info)));
            }
            if (!refused.isEmpty()) break;
            try {
                engine.save(tenant, source);
            } catch (Exception e) {
                refused.add(message(e).strip());
                break;
            }
        }
        if (!refused.isEmpty()) record.put("refused", refused);
        if (!warnings.isEmpty()) record.put("warnings", warnings);
        return refused.isEmpty();
    }

    private List<String> startExecutions() throws Exception {
        GenericFlow head = GenericFlow.fromYaml(tenant, request.documents().getFirst());
        Flow flow = engine.find(tenant, head.getNamespace(), head.getId());
        Map<String, Object> inputs = new LinkedHashMap<>(); // over the API every value comes as text
        Optional.ofNullable(settings.inputs()).ifPresent(given ->
            given.forEach((id, value) -> inputs.put(id, value instanceof String text ? text : Lines.text(value))));
        List<Engine.Prepared> prepared = new ArrayList<>();
        try {
            for (int i = 0; i < Objects.requireNonNullElse(settings.executions(), 1); i++) {
                prepared.add(engine.prepare(flow, inputs, Objects.requireNonNullElse(settings.labels(), Map.of())));
            }
        } catch (Exception e) {
            record.put("inputErrors", List.of(message(e)));
            return List.of();
        }
        for (Engine.Prepared one : prepared) {
            Check.Behavior behavior = one.failedChecks().isEmpty() ? null : Check.resolveBehavior(one.failedChecks());
            if (behavior == Check.Behavior.BLOCK_EXECUTION) {
                List<String> messages = one.failedChecks().stream().map(Check::getMessage).toList();
                record.put("inputErrors", List.of("blocked by checks: " + String.join(", ", messages)));
                return List.of();
            }
        }
        for (Engine.Prepared one : prepared) {
            boolean fails = !one.failedChecks().isEmpty() && Check.resolveBehavior(one.failedChecks()) == Check.Behavior.FAIL_EXECUTION;
            one.start().now(fails);
        }
        return prepared.stream().map(Engine.Prepared::id).toList();
    }

    /** Waits for the end of everything that the started executions caused, for a time limit, or for the moment from which nothing moves. */
    private void follow(List<String> started) throws Exception {
        States states = new States(engine, lines);
        long begin = System.currentTimeMillis();
        long lastChange = begin;
        long timeout = Objects.requireNonNullElse(settings.timeoutMs(), 60_000L);
        Long killAfter = settings.killAfterMs();
        Long resumeAfter = settings.resumeAfterMs();
        String last = "";
        while (true) {
            Thread.sleep(LOOK_MS);
            long now = System.currentTimeMillis() - begin;
            List<Execution> all = engine.tables().executions(tenant);
            states.look(all);
            if (isStopped) {
                killAll(states);
                record.put("stopped", true);
                return;
            }
            if (killAfter != null && now >= killAfter) {
                killAfter = null;
                for (String id : started) engine.kill(tenant, id);
            }
            if (resumeAfter != null && now >= resumeAfter) {
                resumeAfter = null;
                for (Execution one : all) if (started.contains(one.getId())) engine.resume(tenant, one);
            }
            String print = fingerprint(all) + engine.activity(all);
            if (!print.equals(last)) {
                last = print;
                lastChange = System.currentTimeMillis();
            }
            long quiet = System.currentTimeMillis() - lastChange;
            boolean isLongQuiet = quiet > LONG_QUIET_MS;
            boolean isOver = all.size() >= started.size();
            for (Execution one : all) isOver = isOver && hasEnded(one, isLongQuiet);
            if (isOver && quiet > QUIET_MS && killAfter == null && resumeAfter == null && !newExecutionDue(all)) return;
            boolean isDead = !isOver && isLongQuiet && killAfter == null && resumeAfter == null && waitsForever(all);
            if (isDead || now > timeout) {
                record.put("stillRunning", isDead ? "nothing will move it any more" : "after " + timeout + " ms");
                return;
            }
        }
    }

    private void killAll(States states) throws Exception {
        long begin = System.currentTimeMillis();
        for (Execution one : engine.tables().executions(tenant)) {
            if (!one.getState().isTerminated()) engine.kill(tenant, one.getId());
        }
        boolean isOver = false;
        while (!isOver && System.currentTimeMillis() - begin < KILL_MS) {
            Thread.sleep(LOOK_MS);
            List<Execution> all = engine.tables().executions(tenant);
            states.look(all);
            isOver = all.stream().allMatch(one -> one.getState().isTerminated());
        }
    }

    /** A run that is RETRIED ends its execution; the new one is only created at the stored date. */
    private boolean newExecutionDue(List<Execution> all) throws Exception {
        return all.stream().anyMatch(one -> one.getState().getCurrent() == State.Type.RETRIED) && hasDelays(all);
    }

    private boolean hasDelays(List<Execution> all) throws Exception {
        List<String> delays = engine.tables().delays();
        return all.stream().anyMatch(one -> delays.stream().anyMatch(delay -> delay.contains(one.getId())));
    }

    /** Over, `afterExecution` included, and no worker is still busy with a leftover of it. */
    private boolean hasEnded(Execution one, boolean isLongQuiet) throws Exception {
        boolean isOpen = Recording.runs(one).stream().anyMatch(run -> !run.getState().isTerminated());
        if (!one.getState().isTerminated() || isOpen && engine.isAtWork(one)) return false;
        Flow flow = engine.find(tenant, one.getNamespace(), one.getFlowId());
        return flow == null || isLongQuiet || engine.isTerminated(flow, one);
    }

    /** No date is awaited and no task is at work: only paused, queued or never started runs are left. */
    private boolean waitsForever(List<Execution> all) throws Exception {
        if (hasDelays(all)) return false;
        return all.stream().filter(one -> !one.getState().isTerminated()).allMatch(one -> {
            State.Type state = one.getState().getCurrent();
            if (state == State.Type.QUEUED) return true;
            if (one.getTaskRunList() == null) return state != State.Type.CREATED;
            return Recording.runs(one).stream().noneMatch(run -> run.getState().getCurrent() == State.Type.SUBMITTED
                || run.getState().getCurrent() == State.Type.RUNNING && isLeaf(all, one, run));
        });
    }

    private boolean isLeaf(List<Execution> all, Execution one, TaskRun run) {
        if (Recording.runs(one).stream().anyMatch(other -> run.getId().equals(other.getParentTaskRunId()))) return false;
        return all.stream().map(engine::iteration).noneMatch(found -> found != null && run.getId().equals(found.taskRunId()));
    }

    private static String fingerprint(List<Execution> all) {
        StringBuilder text = new StringBuilder();
        for (Execution one : all) {
            text.append(one.getId()).append(one.getState().getHistories().size());
            for (TaskRun run : Recording.runs(one)) text.append(run.getId()).append(run.getState().getHistories().size()).append(run.getIteration());
        }
        return text.toString();
    }

    static String message(Throwable e) {
        if (e.getMessage() != null) return e.getMessage();
        return e.getCause() != null ? message(e.getCause()) : e.getClass().getSimpleName();
    }
}
