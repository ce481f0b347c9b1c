import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.TaskRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stable names in place of random ones: `e0` and `e0.t1` for executions and task runs, `file0` for files, `TEMP` for the folder. */
final class Names {
    private static final Pattern FILE = Pattern.compile("(kestra://\\S*/)([^/\\s\"']+?)(\\.[A-Za-z0-9]+)?(?=[\\s\"']|$)");
    private final Map<String, String> ids = new LinkedHashMap<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private final String tenant, folder;

    Names(List<Execution> all, String tenant, String folder) {
        this.tenant = tenant;
        this.folder = folder;
        for (int i = 0; i < all.size(); i++) {
            ids.put(all.get(i).getId(), "e" + i);
            List<TaskRun> runs = Recording.runs(all.get(i));
            for (int j = 0; j < runs.size(); j++) ids.put(runs.get(j).getId(), "e" + i + ".t" + j);
        }
    }

    Object clean(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> cleaned = new LinkedHashMap<>();
            map.forEach((key, inner) -> cleaned.put(text(String.valueOf(key)), clean(inner)));
            return cleaned;
        }
        if (value instanceof Collection<?> list) return new ArrayList<>(list.stream().map(this::clean).toList());
        if (value == null || value instanceof Number || value instanceof Boolean) return value;
        return text(value.toString());
    }

    private String text(String text) {
        String cleaned = text;
        for (var name : ids.entrySet()) cleaned = cleaned.replace(name.getKey(), name.getValue());
        cleaned = cleaned.replace(folder, "TEMP").replaceAll("\\b" + tenant + "\\b", "main");
        Matcher file = FILE.matcher(cleaned);
        return file.replaceAll(found -> {
            String name = files.computeIfAbsent(found.group(2), unknown -> "file" + files.size());
            return Matcher.quoteReplacement(found.group(1) + name + (found.group(3) == null ? "" : found.group(3)));
        });
    }
}
