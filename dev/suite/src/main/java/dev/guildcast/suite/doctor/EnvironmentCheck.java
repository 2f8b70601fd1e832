package dev.guildcast.suite.doctor;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.plan.SuitePlan;
import dev.guildcast.suite.status.FileFailure;
import dev.guildcast.suite.status.StatusFile;
import dev.guildcast.suite.status.SuiteFolder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The checks of `./guildcast doctor`.
public final class EnvironmentCheck {
    /// The release that the code is compiled for.
    private static final int JAVA_VERSION_MIN = 25;
    /// A suite of processes takes about 2.2 GB, and the machine runs other programs too.
    private static final long MEMORY_BYTES_MIN = 3L << 30;
    /// What a suite of processes takes.
    private static final long FREE_MEGABYTES_MIN = 2_200;
    /// What one in a single JVM takes.
    private static final long SINGLE_MEGABYTES_MIN = 500;
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable: +([0-9]{1,15}) kB");
    /// Kafka's data and the AOT cache stay below this.
    private static final long DISK_BYTES_MIN = 1L << 30;
    /// Without these not even the start succeeds: the logs of the services and Kafka's first files.
    private static final long DISK_BYTES_NEEDED = 16L << 20;
    /// A gateway needs one for each connection and is sized for tens of thousands.
    private static final long DESCRIPTORS_MIN = 65_536;
    /// Clients of a killed gateway reconnect within a second and must not be dropped.
    private static final int BACKLOG_MIN = 4_096;
    /// Linux' default range; a load test uses one port per client.
    private static final int EPHEMERAL_PORTS_MIN = 28_000;

    private EnvironmentCheck() {}

    /// @param port the first port that a suite would use
    public static List<Finding> ofThisMachine(int port) {
        var folder = SuiteFolder.ofThisProcess();
        var findings = new ArrayList<Finding>();
        findings.add(java(Runtime.version().feature(), System.getProperty("java.home")));
        findings.add(memory());
        memoryLeft().ifPresent(findings::add);
        findings.add(disk(folder));
        findings.addAll(ports(port, folder));
        findings.add(descriptors());
        readKernelSetting("/proc/sys/net/core/somaxconn")
                .flatMap(EnvironmentCheck::backlog)
                .ifPresent(findings::add);
        readKernelSetting("/proc/sys/net/ipv4/ip_local_port_range")
                .flatMap(EnvironmentCheck::portRange)
                .ifPresent(findings::add);
        return findings;
    }

    static Finding java(int feature, String home) {
        return feature >= JAVA_VERSION_MIN
                ? Finding.ok("Java " + feature + " in " + home)
                : Finding.failure(
                        "Java " + feature + " in " + home + ": install a JDK " + JAVA_VERSION_MIN + " or newer");
    }

    private static Finding memory() {
        long total = totalMemoryBytes();
        var message = total / (1 << 20) + " MB of memory";
        return total >= MEMORY_BYTES_MIN
                ? Finding.ok(message)
                : Finding.warning(message + ": one process per service needs about 2.2 GB, --single 0.5 GB");
    }

    /// Why a suite may find too little memory; empty if there is enough, or the system does not say.
    ///
    /// @param single whether it would be one in a single JVM
    public static Optional<String> memoryShortage(boolean single) {
        return freeMegabytes().flatMap(free -> memoryShortage(free, single));
    }

    static Optional<String> memoryShortage(long freeMegabytes, boolean single) {
        long needed = single ? SINGLE_MEGABYTES_MIN : FREE_MEGABYTES_MIN;
        return freeMegabytes >= needed
                ? Optional.empty()
                : Optional.of("only " + freeMegabytes + " MB of memory are free, and this needs about " + needed
                        + " MB, so the system may kill services: end other programs"
                        + (single
                                ? ""
                                : ", or start with --single, which needs about " + SINGLE_MEGABYTES_MIN + " MB"));
    }

    private static Optional<Finding> memoryLeft() {
        return freeMegabytes().map(EnvironmentCheck::freeMemory);
    }

    /// What programs may still take without others being swapped out, within the limit of a container.
    private static Optional<Long> freeMegabytes() {
        long limit = totalMemoryBytes() >> 20;
        return readKernelSetting("/proc/meminfo")
                .flatMap(EnvironmentCheck::availableMegabytes)
                .map(available -> Math.min(available, limit));
    }

    /// @param meminfo the kernel's report
    /// @return empty if it does not say
    static Optional<Long> availableMegabytes(String meminfo) {
        var available = AVAILABLE.matcher(meminfo);
        return available.find() ? Optional.of(Long.parseLong(available.group(1)) / 1024) : Optional.empty();
    }

    private static long totalMemoryBytes() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    static Finding freeMemory(long megabytes) {
        return megabytes >= FREE_MEGABYTES_MIN
                ? Finding.ok(megabytes + " MB of it free")
                : Finding.warning("only " + megabytes + " MB of it free: one process per service needs about "
                        + FREE_MEGABYTES_MIN + " MB, --single " + SINGLE_MEGABYTES_MIN + " MB; end other programs");
    }

    private static Finding disk(SuiteFolder folder) {
        try {
            Files.createDirectories(folder.home());
            Files.delete(Files.createTempFile(folder.home(), "doctor", ".tmp"));
            return disk(Files.getFileStore(folder.home()).getUsableSpace(), folder.home());
        } catch (IOException e) {
            return Finding.failure("cannot write to " + folder.home() + ": " + FileFailure.reason(e)
                    + "; choose another folder with GUILDCAST_HOME");
        }
    }

    static Finding disk(long freeBytes, Path home) {
        var message = freeBytes / (1 << 20) + " MB free for " + home;
        if (freeBytes >= DISK_BYTES_MIN) {
            return Finding.ok(message);
        }
        var advice = ": Kafka and the AOT cache need about 1 GB; choose another folder with GUILDCAST_HOME";
        return freeBytes >= DISK_BYTES_NEEDED ? Finding.warning(message + advice) : Finding.failure(message + advice);
    }

    private static List<Finding> ports(int port, SuiteFolder folder) {
        try {
            if (new StatusFile(folder).read().isPresent()) {
                return List.of(Finding.ok("a suite runs in " + folder.home()));
            }
        } catch (IllegalStateException e) {
            return List.of(Finding.failure(String.valueOf(e.getMessage())));
        }
        List<String> taken;
        try {
            var options = SuiteOptions.defaults().withPort(port);
            taken = new SuitePlan(options, folder, new SuitePlan.IngressTokens("", "", ""))
                    .ports()
                    .taken();
        } catch (IllegalStateException e) {
            return List.of(Finding.failure(String.valueOf(e.getMessage())));
        }
        return taken.isEmpty()
                ? List.of(Finding.ok("the ports from " + port + " on are free"))
                : taken.stream()
                        .map(one -> Finding.failure(one + ": stop the process that holds it, or start with --port"))
                        .toList();
    }

    private static Finding descriptors() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)) {
            return Finding.ok("the limit of open files is unknown on this system");
        }
        long max = unix.getMaxFileDescriptorCount();
        return max >= DESCRIPTORS_MIN
                ? Finding.ok(max + " open files allowed per process")
                : Finding.warning(max + " open files allowed per process, which limits gateway connections: ulimit -n "
                        + DESCRIPTORS_MIN);
    }

    /// @return empty if the kernel's text is not a number
    static Optional<Finding> backlog(String text) {
        if (!text.strip().matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        int backlog = Integer.parseInt(text.strip());
        return Optional.of(
                backlog >= BACKLOG_MIN
                        ? Finding.ok("up to " + backlog + " connections wait to be accepted")
                        : Finding.warning(
                                "only " + backlog + " connections wait to be accepted when many reconnect at once: "
                                        + "sysctl net.core.somaxconn=" + BACKLOG_MIN));
    }

    /// @return empty if the kernel's text is not two numbers
    static Optional<Finding> portRange(String text) {
        if (!text.strip().matches("[0-9]{1,5}\\s+[0-9]{1,5}")) {
            return Optional.empty();
        }
        var range = text.strip().split("\\s+");
        int count = Integer.parseInt(range[1]) - Integer.parseInt(range[0]) + 1;
        return Optional.of(
                count >= EPHEMERAL_PORTS_MIN
                        ? Finding.ok(count + " ports for outgoing connections")
                        : Finding.warning("only " + count
                                + " ports for outgoing connections, which a load test on this machine uses up: "
                                + "sysctl net.ipv4.ip_local_port_range=\"16384 65535\""));
    }

    private static Optional<String> readKernelSetting(String file) {
        try {
            return Optional.of(Files.readString(Path.of(file)));
        } catch (IOException e) {
            return Optional.empty(); // not Linux
        }
    }
}
