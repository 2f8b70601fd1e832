package dev.guildcast.suite.doctor;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.plan.SuitePlan;
import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is looked at.
public final class Checkup {
    private static final int JAVA_LEAST = 25;
    private static final long MEMORY_BYTES_LEAST = 3L << 30;
    private static final long DISK_BYTES_LEAST = 1L << 30;
    private static final long DESCRIPTORS_LEAST = 65_536;
    private static final int BACKLOG_LEAST = 4_096;
    private static final int EPHEMERAL_PORTS_LEAST = 28_000;

    private Checkup() {}

    /// @param port the first port a suite would take
    public static List<Finding> ofThisMachine(int port) {
        var folder = SuiteFolder.ofThisProcess();
        var findings = new ArrayList<Finding>();
        findings.add(java(Runtime.version().feature(), System.getProperty("java.home")));
        findings.add(memory());
        findings.add(disk(folder));
        findings.addAll(ports(port, folder));
        findings.add(descriptors());
        kernel("/proc/sys/net/core/somaxconn").flatMap(Checkup::backlog).ifPresent(findings::add);
        kernel("/proc/sys/net/ipv4/ip_local_port_range")
                .flatMap(Checkup::portRange)
                .ifPresent(findings::add);
        return findings;
    }

    static Finding java(int feature, String home) {
        return feature >= JAVA_LEAST
                ? Finding.good("Java " + feature + " in " + home)
                : Finding.fails("Java " + feature + " in " + home + ": install a JDK " + JAVA_LEAST + " or newer");
    }

    private static Finding memory() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long total = system.getTotalMemorySize();
        var sentence = total / (1 << 20) + " MB of memory";
        return total >= MEMORY_BYTES_LEAST
                ? Finding.good(sentence)
                : Finding.warns(sentence + ": a process a service needs about 2.2 GB, --single 0.5 GB");
    }

    private static Finding disk(SuiteFolder folder) {
        try {
            Files.createDirectories(folder.home());
            long free = Files.getFileStore(folder.home()).getUsableSpace();
            var sentence = free / (1 << 20) + " MB free for " + folder.home();
            return free >= DISK_BYTES_LEAST
                    ? Finding.good(sentence)
                    : Finding.warns(sentence
                            + ": Kafka and the AOT cache need about 1 GB; GUILDCAST_HOME names another folder");
        } catch (IOException e) {
            return Finding.fails("cannot write into " + folder.home() + ": GUILDCAST_HOME names another folder");
        }
    }

    private static List<Finding> ports(int port, SuiteFolder folder) {
        if (new StatusFile(folder).read().isPresent()) {
            return List.of(Finding.good("a suite runs in " + folder.home()));
        }
        var plan = new SuitePlan(SuiteOptions.usual().withPort(port), folder, new SuitePlan.IngressTokens("", "", ""));
        var taken = plan.ports().taken();
        return taken.isEmpty()
                ? List.of(Finding.good("the ports from " + port + " on are free"))
                : taken.stream()
                        .map(one -> Finding.fails(one + ": end what holds it, or start with --port"))
                        .toList();
    }

    private static Finding descriptors() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)) {
            return Finding.good("no limit of open files is known");
        }
        long max = unix.getMaxFileDescriptorCount();
        return max >= DESCRIPTORS_LEAST
                ? Finding.good(max + " open files allowed a process")
                : Finding.warns(max + " open files allowed a process, so few connections a gateway: ulimit -n "
                        + DESCRIPTORS_LEAST);
    }

    /// @return empty if the kernel says something else than a number
    static Optional<Finding> backlog(String text) {
        if (!text.strip().matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        int backlog = Integer.parseInt(text.strip());
        return Optional.of(
                backlog >= BACKLOG_LEAST
                        ? Finding.good("up to " + backlog + " connections wait to be accepted")
                        : Finding.warns(
                                "only " + backlog + " connections wait to be accepted when many reconnect at once: "
                                        + "sysctl net.core.somaxconn=" + BACKLOG_LEAST));
    }

    /// @return empty if the kernel says something else than two numbers
    static Optional<Finding> portRange(String text) {
        if (!text.strip().matches("[0-9]{1,5}\\s+[0-9]{1,5}")) {
            return Optional.empty();
        }
        var range = text.strip().split("\\s+");
        int count = Integer.parseInt(range[1]) - Integer.parseInt(range[0]) + 1;
        return Optional.of(
                count >= EPHEMERAL_PORTS_LEAST
                        ? Finding.good(count + " ports for outgoing connections")
                        : Finding.warns("only " + count
                                + " ports for outgoing connections, which a load test on this machine uses up: "
                                + "sysctl net.ipv4.ip_local_port_range=\"16384 65535\""));
    }

    private static Optional<String> kernel(String file) {
        try {
            return Optional.of(Files.readString(Path.of(file)));
        } catch (IOException e) {
            return Optional.empty(); // not Linux
        }
    }
}
