import io.kestra.core.executor.command.Create;
import io.kestra.core.executor.command.ExecutionCommand;
import io.kestra.core.executor.command.Resume;
import io.kestra.core.models.Label;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.ExecutionId;
import io.kestra.core.models.executions.ExecutionKilled;
import io.kestra.core.models.executions.ExecutionKilledExecution;
import io.kestra.core.models.executions.TaskRun;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.models.flows.FlowSource;
import io.kestra.core.models.flows.FlowWithSource;
import io.kestra.core.models.flows.GenericFlow;
import io.kestra.core.models.flows.State;
import io.kestra.core.models.validations.ValidateConstraintViolation;
import io.kestra.core.queues.BroadcastQueueInterface;
import io.kestra.core.queues.DispatchQueueInterface;
import io.kestra.core.repositories.FlowRepositoryInterface;
import io.kestra.core.runners.Executor;
import io.kestra.core.runners.FlowInputOutput;
import io.kestra.core.runners.Indexer;
import io.kestra.core.runners.Scheduler;
import io.kestra.core.runners.Worker;
import io.kestra.core.server.Service;
import io.kestra.core.services.ExecutionOutputService;
import io.kestra.core.services.ExecutionService;
import io.kestra.core.services.FlowService;
import io.kestra.core.services.TaskOutputService;
import io.kestra.core.utils.IdUtils;
import io.kestra.core.worker.Controller;
import io.kestra.executor.DefaultExecutor;
import io.kestra.plugin.core.flow.Pause;
import io.kestra.worker.systemworker.SystemWorker;
import io.micronaut.context.ApplicationContext;
import io.micronaut.core.type.Argument;
import java.lang.reflect.Method;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/** Kestra 2.0.0: its unchanged classes, one worker with plenty of threads, and a database in memory. */
final class Kestra implements Engine {
    private static final int WORKER_THREADS = 64;
    private static final long START_MS = 120_000;
    private final ApplicationContext app;
    private final FlowService flows;
    private final FlowRepositoryInterface flowStore;
    private final FlowInputOutput inputReader;
    private final ExecutionService executions;
    private final TaskOutputService taskOutputs;
    private final ExecutionOutputService flowOutputs;
    private final DispatchQueueInterface<ExecutionCommand> commands;
    private final BroadcastQueueInterface<ExecutionKilled> kills;
    private final Tables tables;

    Kestra(Path folder, long tickMs) throws Exception {
        app = ApplicationContext.builder().mainClass(Main.class).environments("cli").deduceEnvironment(false).properties(properties(folder)).start();
        Executor executor = app.getBean(Executor.class);
        start(executor);
        start(app.getBean(Controller.class)::start);
        Worker worker = app.getBean(Worker.class);
        start(() -> worker.start(WORKER_THREADS));
        Scheduler scheduler = app.getBean(Scheduler.class);
        start(() -> scheduler.start(2));
        start(app.getBean(Indexer.class));
        app.findBean(SystemWorker.class).ifPresent(system -> start(system::start));

        flows = app.getBean(FlowService.class);
        flowStore = app.getBean(FlowRepositoryInterface.class);
        inputReader = app.getBean(FlowInputOutput.class);
        executions = app.getBean(ExecutionService.class);
        taskOutputs = app.getBean(TaskOutputService.class);
        flowOutputs = app.getBean(ExecutionOutputService.class);
        commands = app.getBean(Argument.of(DispatchQueueInterface.class, ExecutionCommand.class));
        kills = app.getBean(Argument.of(BroadcastQueueInterface.class, ExecutionKilled.class));
        tables = new Tables();
        waitForServices();
        if (tickMs > 0) quicken(executor, tickMs);
    }

    private static Map<String, Object> properties(Path folder) throws Exception {
        int port = freePort();
        Map<String, Object> p = new LinkedHashMap<>();
        p.put("datasources.h2.url", Tables.URL);
        p.put("datasources.h2.username", "sa");
        p.put("datasources.h2.password", "");
        p.put("datasources.h2.driver-class-name", "org.h2.Driver");
        p.put("datasources.h2.maximum-pool-size", 40);
        p.put("micronaut.server.port", -1);
        p.put("grpc.server.enabled", false);
        p.put("jackson.serialization.writeDatesAsTimestamps", false);
        p.put("jackson.serialization.writeDurationsAsTimestamps", false);
        p.put("jackson.serialization-inclusion", "non_null");
        p.put("jackson.deserialization.FAIL_ON_UNKNOWN_PROPERTIES", false);
        p.put("kestra.server-type", "STANDALONE");
        p.put("kestra.repository.type", "h2");
        p.put("kestra.queue.type", "h2");
        p.put("kestra.storage.type", "local");
        p.put("kestra.storage.local.base-path", folder.resolve("storage").toString());
        p.put("kestra.tasks.tmp-dir.path", folder.resolve("work").toString());
        p.put("kestra.encryption.secret-key", "I6EGNzRESu3X3pKZidrqCGOHQFUFC0yK");
        p.put("kestra.url", "http://localhost:8080/");
        p.put("kestra.migration.auto", true);
        p.put("kestra.jdbc.queues.min-poll-interval", "10ms");
        p.put("kestra.jdbc.queues.max-poll-interval", "10ms");
        p.put("kestra.jdbc.queues.poll-switch-interval", "5s");
        p.put("kestra.anonymous-usage-report.enabled", false);
        p.put("kestra.tutorial-flows.enabled", false);
        p.put("kestra.server.liveness.enabled", false);
        p.put("kestra.server.service.purge.initial-delay", "10h");
        p.put("kestra.server.service.purge.fixed-delay", "10h");
        p.put("kestra.server.service.purge.retention", "30d");
        p.put("kestra.server.termination-grace-period", "1s");
        p.put("kestra.retries.attempts", 5);
        p.put("kestra.retries.multiplier", 2.0);
        p.put("kestra.retries.delay", "1s");
        p.put("kestra.variables.env-vars-prefix", "ENV_");
        p.put("kestra.variables.cache-enabled", true);
        p.put("kestra.variables.cache-size", 1000);
        p.put("kestra.metrics.prefix", "kestra");
        p.put("kestra.hidden-labels.prefixes", List.of("system.", "internal."));
        p.put("kestra.controller.port", port);
        p.put("kestra.worker.controllers.type", "STATIC");
        p.put("kestra.worker.controllers.static.endpoints[0].host", "127.0.0.1");
        p.put("kestra.worker.controllers.static.endpoints[0].port", port);
        return p;
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void start(Runnable service) {
        Thread thread = new Thread(() -> {
            try {
                service.run();
            } catch (Throwable e) {
                e.printStackTrace();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void waitForServices() {
        long limit = System.currentTimeMillis() + START_MS;
        while (System.currentTimeMillis() < limit) {
            boolean isUp = app.getBeansOfType(Service.class).stream().filter(service -> !(service instanceof SystemWorker))
                .allMatch(service -> service.getState() == Service.ServiceState.RUNNING);
            if (isUp) return;
            Main.sleep(20);
        }
        throw new IllegalStateException("the services of the engine did not start");
    }

    /**
     * The executor looks once a second for due delays (retry, pause, loop) and SLAs, so they come up to 1 s late. The same two methods are
     * called here in a shorter time instead, so that a record has the dates that the engine meant.
     */
    private static void quicken(Executor executor, long tickMs) throws Exception {
        for (String field : List.of("executionDelayFuture", "monitorSLAFuture")) {
            var timer = DefaultExecutor.class.getDeclaredField(field);
            timer.setAccessible(true);
            ((Future<?>) timer.get(executor)).cancel(false);
        }
        for (String name : List.of("executionDelayLoop", "executionSLAMonitorLoop")) {
            Method look = DefaultExecutor.class.getDeclaredMethod(name);
            look.setAccessible(true);
            start(() -> {
                while (true) {
                    try {
                        look.invoke(executor);
                        Main.sleep(tickMs);
                    } catch (ReflectiveOperationException e) {
                        System.err.println(name + ": " + e + " " + e.getCause());
                    }
                }
            });
        }
    }

    @Override
    public String name() {
        return "kestra 2.0.0";
    }

    @Override
    public String tenant(int number) {
        return "c%04d".formatted(number);
    }

    @Override
    public List<ValidateConstraintViolation> validate(String tenant, String source) {
        return flows.validate(tenant, List.of(new FlowSource("flow.yaml", source)));
    }

    @Override
    public void save(String tenant, String source) throws Exception {
        flows.create(GenericFlow.fromYaml(tenant, source));
    }

    @Override
    public Flow find(String tenant, String namespace, String id) {
        return flowStore.findById(tenant, namespace, id).orElse(null);
    }

    @Override
    public Prepared prepare(Flow flow, Map<String, Object> inputs, Map<String, String> given) throws Exception {
        String id = IdUtils.create();
        List<Label> labels = new ArrayList<>();
        given.forEach((key, value) -> labels.add(new Label(key, value)));
        labels.add(new Label("system.correlationId", id));
        labels.add(new Label("system.from", "api"));
        Execution execution = Execution.builder().tenantId(flow.getTenantId()).id(id).namespace(flow.getNamespace()).flowId(flow.getId())
            .flowRevision(flow.getRevision()).labels(labels).state(new State()).build();
        Map<String, Object> read = inputReader.readExecutionInputs(flow, execution, inputs);
        ExecutionId name = new ExecutionId(flow.getTenantId(), flow.getNamespace(), flow.getId(), id, flow.getRevision());
        Create create = Create.of(name).withLabels(labels).withInputs(read);
        return new Prepared(id, flows.getFailedChecks(flow, read), fails -> commands.emit(fails ? create.withStateType(State.Type.FAILED) : create));
    }

    @Override
    public void kill(String tenant, String executionId) throws Exception {
        kills.emit(ExecutionKilledExecution.builder().state(ExecutionKilled.State.REQUESTED).tenantId(tenant).executionId(executionId)
            .isOnKillCascade(true).build());
    }

    @Override
    public void resume(String tenant, Execution execution) throws Exception {
        if (execution.getState().isPaused()) commands.emit(Resume.from(execution, Pause.Resumed.now()));
    }

    @Override
    public boolean isTerminated(Flow flow, Execution execution) {
        return executions.isTerminated(flow, execution);
    }

    @Override
    public boolean isAtWork(Execution execution) throws Exception {
        return tables.values("SELECT \"value\" FROM worker_job_running").stream().anyMatch(job -> job.contains(execution.getId()));
    }

    @Override
    public String activity(List<Execution> all) throws Exception {
        List<String> jobs = tables.values("SELECT \"value\" FROM worker_job_running");
        long atWork = all.stream().filter(one -> jobs.stream().anyMatch(job -> job.contains(one.getId()))).count();
        return atWork + "," + tables.values("SELECT COUNT(*) FROM logs");
    }

    @Override
    public Map<String, Object> outputs(Execution execution) {
        try {
            return orEmpty(flowOutputs.getOutputs(execution));
        } catch (Exception e) {
            return Map.of("unreadable", Case.message(e));
        }
    }

    @Override
    public Map<String, Object> outputs(TaskRun taskRun) {
        try {
            return orEmpty(taskOutputs.getOutputs(taskRun));
        } catch (Exception e) {
            return Map.of("unreadable", Case.message(e));
        }
    }

    private static Map<String, Object> orEmpty(Map<String, Object> outputs) {
        return outputs == null ? Map.of() : outputs;
    }

    @Override
    public Iteration iteration(Execution execution) {
        var loop = execution.getLoopRun();
        if (loop == null) return null;
        List<?> parents = loop.parents() == null ? null
            : loop.parents().stream().map(around -> Arrays.asList(around.index(), around.key(), around.value())).toList();
        return new Iteration(loop.taskId(), loop.taskRunId(), loop.index(), loop.key(), loop.value(), parents);
    }

    @Override
    public Tables tables() {
        return tables;
    }

    @Override
    public void cleanUp(String tenant) {
        for (FlowWithSource flow : flowStore.findAllWithSource(tenant)) flows.delete(flow);
    }
}
