package dev.guildcast.benchmark.suite;

import dev.guildcast.suite.status.SuiteStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// CPU time of a suite's processes, by service; the launcher's own is `launcher`.
///
/// @param microsByService microseconds since the start of each, or a difference of these
record ServiceCpuTimes(Map<String, Double> microsByService) {
    /// @throws IllegalStateException if one of the processes has ended
    static ServiceCpuTimes now(SuiteStatus status) {
        var microsByService = new TreeMap<String, Double>();
        microsByService.put("launcher", (double) ProcessUsage.cpuMicros(List.of(status.pid())));
        for (var one : status.services()) {
            microsByService.merge(one.name(), (double) ProcessUsage.cpuMicros(List.of(one.pid())), Double::sum);
        }
        return new ServiceCpuTimes(microsByService);
    }

    /// The time used since `before`, per delivery.
    ServiceCpuTimes since(ServiceCpuTimes before, long deliveries) {
        var spent = new TreeMap<String, Double>();
        microsByService.forEach((name, micros) ->
                spent.put(name, (micros - before.microsByService.getOrDefault(name, 0.0)) / deliveries));
        return new ServiceCpuTimes(spent);
    }

    double total() {
        return microsByService.values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }
}
