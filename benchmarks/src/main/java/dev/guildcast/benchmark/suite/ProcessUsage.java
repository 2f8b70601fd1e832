package dev.guildcast.benchmark.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/// Resource usage of processes, as Linux reports it.
final class ProcessUsage {
    /// Of `/proc/PID/stat` in the kernel's user interface, whatever the kernel's own tick is.
    private static final long TICK_MICROS = 10_000;
    /// Index after the process' name; see `man 5 proc`.
    private static final int USER_TICKS = 11;
    /// The index of the time in the kernel, likewise.
    private static final int SYSTEM_TICKS = 12;

    private ProcessUsage() {}

    /// Proportional set size of them all together, in MiB: shared pages are counted once.
    static long pssMebibytes(Collection<Long> pids) {
        long kibibytes = 0;
        for (long pid : pids) {
            for (String line : lines(pid, "smaps_rollup")) {
                if (line.startsWith("Pss:")) {
                    kibibytes += Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        }
        return kibibytes / 1024;
    }

    /// CPU time of them all since their starts, user and system, in microseconds.
    static long cpuMicros(Collection<Long> pids) {
        long ticks = 0;
        for (long pid : pids) {
            for (String line : lines(pid, "stat")) {
                // The name in parentheses may contain any character.
                String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
                ticks += Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
            }
        }
        return ticks * TICK_MICROS;
    }

    /// @throws IllegalStateException if there is no such process: its part would be missing from the sum
    private static List<String> lines(long pid, String file) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read what process " + pid + " uses: " + e.getMessage(), e);
        }
    }
}
