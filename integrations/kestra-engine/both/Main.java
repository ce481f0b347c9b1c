import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

/**
 * Runs flows on Kestra's own engine, in this process. A line of standard input is a case to run ({@link Request}); what happens goes to
 * standard output as lines of JSON ({@link Lines}), and `{"record": ...}` ends a case. At the end of standard input the process ends; when a
 * case runs then, its executions are killed first, and its record is still written.
 */
public final class Main {
    /** The longest time between the end of standard input and that of the process. */
    private static final long KILL_MS = 8_000;
    private static final Request WARM_UP = new Request("warm-up", """
        id: warm_up
        namespace: warm.up
        tasks:
          - id: group
            type: io.kestra.plugin.core.flow.Parallel
            tasks:
              - {id: log, type: io.kestra.plugin.core.log.Log, message: "{{ flow.id }}"}
              - {id: sleep, type: io.kestra.plugin.core.flow.Sleep, duration: PT0.1S}
          - {id: last, type: io.kestra.plugin.core.debug.Return, format: "{{ execution.id }}"}
        """, new Request.Settings(null, null, 3, null, null, null));

    private static final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    /** Stands for the end of standard input. */
    private static final String END = "";
    private static volatile boolean isWorking;
    /** Where the engine keeps files. */
    private static volatile Path folder;

    public static void main(String[] arguments) {
        Lines lines = new Lines(System.out);
        System.setOut(System.err); // what the engine prints is no line of ours
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            System.err.println("uncaught in " + thread.getName() + ": " + e);
            end(2);
        });
        Thread reader = new Thread(Main::readRequests, "requests");
        reader.setDaemon(true);
        reader.start();
        int code = 0;
        try {
            folder = Files.createTempDirectory("kestra-engine");
            work(Long.parseLong(arguments[0]), lines);
        } catch (Throwable e) {
            e.printStackTrace();
            code = 2;
        }
        end(code);
    }

    private static void work(long tickMs, Lines lines) throws Exception {
        long begin = System.currentTimeMillis();
        Engine engine = new Kestra(folder, tickMs);
        int number = 0;
        for (int i = 0; i < 2; i++) {
            new Case(engine, WARM_UP, engine.tenant(++number), Lines.none(), folder).run();
        }
        lines.write(Map.of("engine", engine.name(), "upMs", System.currentTimeMillis() - begin));
        for (String line = requests.take(); !line.equals(END); line = requests.take()) {
            isWorking = true;
            Request request = Lines.read(line, Request.class);
            lines.write(Map.of("case", request.name()));
            Map<String, Object> record = new Case(engine, request, engine.tenant(++number), lines, folder).run();
            Map<String, Object> last = new LinkedHashMap<>();
            last.put("record", record);
            lines.write(last);
            isWorking = false;
        }
    }

    private static void readRequests() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isBlank()) requests.add(line);
            }
        } catch (IOException e) {
            System.err.println("standard input: " + e);
        }
        if (!isWorking && requests.isEmpty()) end(0);
        Case.stop();
        requests.clear();
        requests.add(END);
        sleep(KILL_MS);
        end(3);
    }

    static void sleep(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without farewell: the engine's threads would hold the process, and its database is in memory. */
    private static void end(int code) {
        if (folder != null) delete(folder);
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    private static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println(folder + " is left: " + e);
        }
    }
}
