package dev.guildcast.suite.command;

import dev.guildcast.suite.status.SuiteStatus;
import dev.guildcast.suite.status.SuiteStatus.Instance;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Kills one service instance as `kill -9` does.
@Command(name = "kill", description = "Kills a service instance as kill -9 does; the suite restarts it.")
public final class KillCommand implements Callable<Integer> {
    @Mixin
    private final HelpOption help = new HelpOption();

    @Parameters(
            paramLabel = "SERVICE[-N]",
            description = "Name or a prefix of it, such as gateway or session-service-2; without -N the first one.")
    private String service = "";

    @Override
    public Integer call() {
        var status = RunningSuite.find();
        var instance = resolve(status, service);
        if (instance.pid() == status.pid()) {
            throw new IllegalStateException(
                    "all services run in one JVM and cannot be killed separately: start the suite without --single");
        }
        var process = ProcessHandle.of(instance.pid()).filter(ProcessHandle::isAlive);
        if (instance.pid() == 0 || process.isEmpty()) {
            throw new IllegalStateException(instance.id() + " has no process at the moment: it is " + instance.state());
        }
        process.get().destroyForcibly();
        System.out.println("killed " + instance.id() + " (pid " + instance.pid() + ")");
        return 0;
    }

    static Instance resolve(SuiteStatus status, String wanted) {
        var exact = status.services().stream()
                .filter(one -> one.id().equals(wanted))
                .findFirst();
        if (exact.isPresent()) {
            return exact.get();
        }
        var matches =
                status.services().stream().filter(one -> matches(one, wanted)).toList();
        if (matches.stream().map(Instance::name).distinct().count() > 1) {
            var named =
                    matches.stream().filter(one -> one.name().equals(wanted)).toList();
            if (named.isEmpty()) {
                throw new IllegalArgumentException("'" + wanted + "' may be " + names(matches));
            }
            return named.getFirst();
        }
        if (matches.isEmpty()) {
            throw new IllegalArgumentException(
                    "no service '" + wanted + "' (expected one of " + names(status.services()) + ")");
        }
        return matches.getFirst();
    }

    private static boolean matches(Instance one, String wanted) {
        var number = wanted.replaceFirst("^.*-(?=[0-9]+$)", "");
        if (!number.equals(wanted) && number.matches("[0-9]{1,4}")) {
            var name = wanted.substring(0, wanted.length() - number.length() - 1);
            return one.index() == Integer.parseInt(number) && one.name().startsWith(name);
        }
        return one.name().startsWith(wanted);
    }

    private static String names(List<Instance> instances) {
        return instances.stream().map(Instance::name).distinct().collect(Collectors.joining(", "));
    }
}
