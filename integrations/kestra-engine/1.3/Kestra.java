import io.kestra.core.models.Label;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.ExecutionKilled;
import io.kestra.core.models.executions.ExecutionKilledExecution;
import io.kestra.core.models.executions.TaskRun;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.models.flows.FlowSource;
import io.kestra.core.models.flows.FlowWithSource;
import io.kestra.core.models.flows.GenericFlow;
import io.kestra.core.models.flows.State;
import io.kestra.core.models.validations.ValidateConstraintViolation;
import io.kestra.core.queues.QueueFactoryInterface;
import io.kestra.core.queues.QueueInterface;
import io.kestra.core.repositories.FlowRepositoryInterface;
import io.kestra.core.runners.ExecutorInterface;
import io.kestra.core.runners.FlowInputOutput;
import io.kestra.core.runners.Indexer;
import io.kestra.core.runners.Scheduler;
import io.kestra.core.server.Service;
import io.kestra.core.services.ExecutionService;
import io.kestra.core.services.FlowService;
import io.kestra.jdbc.runner.JdbcExecutor;
import io.kestra.plugin.core.flow.Pause;
import io.kestra.worker.DefaultWorker;
import io.micronaut.context.ApplicationContext;
import io.micronaut.inject.qualifiers.Qualifiers;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Kestra 1.3.31: its unchanged classes, one worker with plenty of threads, and a database in memory. */
final class Kestra implements Engine {
    private static final int WORKER_THREADS = 64;
    private static final int POLL_MS = 20;
    private final FlowService flowService;
    private final FlowRepositoryInterface flows;
    private final FlowInputOutput inputReader;
    private final ExecutionService executionService;
    private final QueueInterface<Execution> executionQueue;
    private final QueueInterface<ExecutionKilled> killQueue;
    private final List<Service> services;
    /** Of the worker: the jobs that run, and those that wait. */
    private final AtomicInteger runningJobs, pendingJobs;
    private final Tables tables;

    @SuppressWarnings("unchecked")
    Kestra(Path folder, long tickMs) throws Exception {
        ApplicationContext context = ApplicationContext.builder().deduceEnvironment(false).properties(properties(folder)).start();
        flowService = context.getBean(FlowService.class);
        flows = context.getBean(FlowRepositoryInterface.class);
        inputReader = context.getBean(FlowInputOutput.class);
        executionService = context.getBean(ExecutionService.class);
        executionQueue = context.getBean(QueueInterface.class, Qualifiers.byName(QueueFactoryInterface.EXECUTION_NAMED));
        killQueue = context.getBean(QueueInterface.class, Qualifiers.byName(QueueFactoryInterface.KILL_NAMED));

        ExecutorService threads = Executors.newCachedThreadPool();
        DefaultWorker worker = context.createBean(DefaultWorker.class, "worker", WORKER_THREADS, null);
        context.registerSingleton(worker);
        runningJobs = (AtomicInteger) privateField(DefaultWorker.class, "runningJobCount").get(worker);
        pendingJobs = (AtomicInteger) privateField(DefaultWorker.class, "pendingJobCount").get(worker);
        ExecutorInterface executor = context.getBean(ExecutorInterface.class);
        services = List.of(executor, worker, context.getBean(Scheduler.class), context.getBean(Indexer.class));
        for (Service service : services) threads.execute((Runnable) service);
        while (!areServicesUp()) Main.sleep(POLL_MS);
        Main.sleep(500);
        tables = new Tables();
        if (tickMs > 0) {
            quicken((JdbcExecutor) executor, "executionDelayFuture", "executionDelaySend", tickMs);
            quicken((JdbcExecutor) executor, "monitorSLAFuture", "executionSLAMonitor", tickMs);
        }
    }

    private static Map<String, Object> properties(Path folder) {
        Map<String, Object> p = new LinkedHashMap<>();
        p.put("datasources.h2.url", Tables.URL);
        p.put("datasources.h2.username", "sa");
        p.put("datasources.h2.password", "");
        p.put("datasources.h2.driver-class-name", "org.h2.Driver");
        p.put("flyway.datasources.h2.enabled", true);
        p.put("flyway.datasources.h2.locations", List.of("classpath:migrations/h2"));
        p.put("flyway.datasources.h2.ignore-migration-patterns", "*:missing,*:future");
        p.put("flyway.datasources.h2.out-of-order", true);
        p.put("kestra.server-type", "STANDALONE");
        p.put("kestra.url", "http://localhost:8080/");
        p.put("kestra.queue.type", "h2");
        p.put("kestra.repository.type", "h2");
        p.put("kestra.storage.type", "local");
        p.put("kestra.storage.local.base-path", folder.resolve("storage").toString());
        p.put("kestra.tasks.tmp-dir.path", folder.resolve("work").toString());
        p.put("kestra.jdbc.queues.min-poll-interval", "5ms");
        p.put("kestra.jdbc.queues.max-poll-interval", "15ms");
        p.put("kestra.jdbc.queues.poll-switch-interval", "60s");
        p.put("kestra.jdbc.queues.poll-size", 100);
        p.put("kestra.jdbc.cleaner.initial-delay", "24h");
        p.put("kestra.jdbc.cleaner.fixed-delay", "24h");
        p.put("kestra.server.service.purge.initial-delay", "24h");
        p.put("kestra.server.service.purge.fixed-delay", "24h");
        p.put("kestra.server.service.purge.retention", "30d");
        p.put("kestra.server.liveness.enabled", false);
        p.put("kestra.server.termination-grace-period", "1s");
        p.put("kestra.anonymous-usage-report.enabled", false);
        p.put("kestra.tutorial-flows.enabled", false);
        p.put("kestra.variables.env-vars-prefix", "ENV_");
        p.put("kestra.encryption.secret-key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        // As in the application.yml that the server is shipped with.
        p.put("kestra.plugins.configurations", List.of(
            Map.of("type", "io.kestra.plugin.core.flow.Subflow", "values", Map.of("outputs", Map.of("enabled", true))),
            Map.of("type", "io.kestra.plugin.core.trigger.Schedule", "values", Map.of("recoverMissedSchedules", "ALL"))));
        return p;
    }

    private boolean areServicesUp() {
        return services.stream().allMatch(service -> service.getState() == null || service.getState().isRunning());
    }

    /**
     * The executor looks once a second for retries, pauses and SLAs whose time has come, which makes each up to a second late. A faster
     * timer takes the place of its own, so that a record has the dates that the engine meant.
     */
    private static void quicken(JdbcExecutor executor, String timerField, String methodName, long tickMs) throws Exception {
        Field field = privateField(JdbcExecutor.class, timerField);
        Method look = JdbcExecutor.class.getDeclaredMethod(methodName);
        look.setAccessible(true);
        while (field.get(executor) == null) Main.sleep(POLL_MS);
        ((ScheduledFuture<?>) field.get(executor)).cancel(false);
        field.set(executor, Executors.newSingleThreadScheduledExecutor().scheduleWithFixedDelay(() -> {
            try {
                look.invoke(executor);
            } catch (ReflectiveOperationException e) {
                System.err.println(methodName + ": " + e + " " + e.getCause());
            }
        }, 0, tickMs, TimeUnit.MILLISECONDS));
    }

    private static Field privateField(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    @Override
    public String name() {
        return "kestra 1.3.31";
    }

    @Override
    public String tenant(int number) {
        return "main";
    }

    @Override
    public List<ValidateConstraintViolation> validate(String tenant, String source) {
        return flowService.validate(tenant, List.of(new FlowSource("flow.yaml", source)));
    }

    @Override
    public void save(String tenant, String source) throws Exception {
        flowService.create(GenericFlow.fromYaml(tenant, source), true);
    }

    @Override
    public Flow find(String tenant, String namespace, String id) {
        return flows.findByIdWithoutAcl(tenant, namespace, id, Optional.empty()).orElse(null);
    }

    @Override
    public Prepared prepare(Flow flow, Map<String, Object> given, Map<String, String> labels) throws Exception {
        List<Label> all = new ArrayList<>();
        labels.forEach((key, value) -> all.add(new Label(key, value)));
        Execution execution = Execution.newExecution(flow, null, all, Optional.empty());
        Map<String, Object> inputs = inputReader.readExecutionInputs(flow, execution, given);
        Execution ready = execution.withInputs(inputs);
        return new Prepared(ready.getId(), flowService.getFailedChecks(flow, inputs),
            fails -> executionQueue.emit(fails ? ready.withState(State.Type.FAILED) : ready));
    }

    @Override
    public void kill(String tenant, String executionId) throws Exception {
        killQueue.emit(ExecutionKilledExecution.builder().state(ExecutionKilled.State.REQUESTED).executionId(executionId)
            .isOnKillCascade(true).tenantId(tenant).build());
    }

    @Override
    public void resume(String tenant, Execution execution) throws Exception {
        if (!execution.getState().isPaused()) return;
        Flow flow = flows.findByExecution(execution);
        executionQueue.emit(executionService.resume(execution, flow, State.Type.RUNNING, Map.of(), Pause.Resumed.now()));
    }

    @Override
    public boolean isTerminated(Flow flow, Execution execution) {
        return executionService.isTerminated(flow, execution);
    }

    @Override
    public boolean isAtWork(Execution execution) {
        return false; // `activity` says it
    }

    @Override
    public String activity(List<Execution> all) {
        if (!areServicesUp()) throw new IllegalStateException("the engine has stopped");
        boolean isIdle = runningJobs.get() == 0 && pendingJobs.get() == 0;
        return isIdle ? "idle" : String.valueOf(System.nanoTime());
    }

    @Override
    public Map<String, Object> outputs(Execution execution) {
        return execution.getOutputs() == null ? Map.of() : execution.getOutputs();
    }

    @Override
    public Map<String, Object> outputs(TaskRun taskRun) {
        return taskRun.getOutputs() == null ? Map.of() : taskRun.getOutputs();
    }

    @Override
    public Iteration iteration(Execution execution) {
        return null; // there is no Loop
    }

    @Override
    public Tables tables() {
        return tables;
    }

    /** There is one tenant: not even the revision of a flow may be seen by the next case. */
    @Override
    public void cleanUp(String tenant) throws Exception {
        for (FlowWithSource flow : flows.findAllWithSourceWithNoAcl(tenant)) flowService.delete(flow);
        Main.sleep(300);
        tables.empty(List.of("executions", "logs", "metrics", "executorstate", "executordelayed", "execution_queued", "concurrency_limit",
            "sla_monitor", "triggers", "multipleconditions", "kv_metadata", "flows", "flow_topologies"));
    }
}
