package dev.guildcast.benchmark.suite;

import dev.guildcast.suite.status.SuiteStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// CPU time of a suite's processes, by service; the launcher's own is `launcher`.
///
/// @param each microseconds since the start of each, or a share of them
record ServicesCpu(Map<String, Double> each) {
    /// @throws IllegalStateException if one of the processes is gone
    static ServicesCpu now(SuiteStatus status) {
        var each = new TreeMap<String, Double>();
        each.put("launcher", (double) ProcessUsage.cpuMicros(List.of(status.pid())));
        for (var one : status.services()) {
            each.merge(one.name(), (double) ProcessUsage.cpuMicros(List.of(one.pid())), Double::sum);
        }
        return new ServicesCpu(each);
    }

    /// What was spent since `before`, for each of so many deliveries.
    ServicesCpu since(ServicesCpu before, long deliveries) {
        var spent = new TreeMap<String, Double>();
        each.forEach((name, micros) -> spent.put(name, (micros - before.each.getOrDefault(name, 0.0)) / deliveries));
        return new ServicesCpu(spent);
    }

    double total() {
        return each.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
