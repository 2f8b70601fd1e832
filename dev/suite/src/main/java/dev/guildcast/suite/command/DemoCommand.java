package dev.guildcast.suite.command;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/// Runs the demo, which is not on the class path of the services.
@Command(
        name = "demo",
        description =
                "Runs traffic through a suite of its own, kills services, and verifies what every client received.")
public final class DemoCommand implements Callable<Integer> {
    private static final String MAIN = "dev.guildcast.demo.Demo";

    @Unmatched
    private List<String> args = new ArrayList<>();

    @Override
    public Integer call() throws ReflectiveOperationException {
        return run(MAIN, args);
    }

    /// Runs a main class of the demo, which ends the process.
    static int run(String main, List<String> args) throws ReflectiveOperationException {
        try {
            Class.forName(main).getMethod("main", String[].class).invoke(null, (Object) args.toArray(String[]::new));
            return 0;
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "the demo is not on the class path: run ./guildcast demo from a checkout", e);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
