package dev.guildcast.suite.process;

import dev.guildcast.brokers.ParentWatch;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/// The main class of every Java child: starts a service, says that it serves, and dies with its parent.
///
/// Arguments: the file to write the process id to once the service has started, the class to start, its arguments.
public final class ServiceMain {
    private ServiceMain() {}

    public static void main(String... args) {
        ParentWatch.start();
        try {
            var service = startable(args[1], Arrays.copyOfRange(args, 2, args.length));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> closeQuietly(service), "service-close"));
            announce(Path.of(args[0]));
        } catch (Exception e) {
            System.err.println("cannot start " + args[1] + ": " + root(e));
            System.exit(1);
        }
    }

    /// Calls `public static … start(String...)` of a class.
    ///
    /// @return what it returned, to be closed in the end
    static AutoCloseable startable(String mainClass, String... args) throws Exception {
        try {
            return (AutoCloseable)
                    Class.forName(mainClass).getMethod("start", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    static Throwable root(Throwable e) {
        return e.getCause() == null ? e : root(e.getCause());
    }

    private static void announce(Path file) throws IOException {
        // By rename, so that nobody reads half a number.
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, Long.toString(ProcessHandle.current().pid()));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void closeQuietly(AutoCloseable service) {
        try {
            service.close();
        } catch (Exception e) {
            System.err.println("closed with " + e);
        }
    }
}
