package dev.guildcast.suite.process;

import dev.guildcast.brokers.ParentWatch;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/// The main class of every Java child: starts a service, reports that it serves, and ends with its parent.
///
/// Arguments: the marker file for the process id once the service has started, the class to start, its arguments.
public final class ServiceMain {
    private ServiceMain() {}

    public static void main(String... args) {
        ParentWatch.start();
        try {
            var service = invokeStart(args[1], Arrays.copyOfRange(args, 2, args.length));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> closeQuietly(service), "service-close"));
            writeReadyMarker(Path.of(args[0]));
        } catch (Exception e) {
            System.err.println("cannot start " + args[1] + ": " + rootCause(e));
            System.exit(1);
        }
    }

    /// Calls `public static … start(String...)` of a class.
    ///
    /// @return the service, to be closed at the end
    static AutoCloseable invokeStart(String mainClass, String... args) throws Exception {
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

    static Throwable rootCause(Throwable e) {
        return e.getCause() == null ? e : rootCause(e.getCause());
    }

    private static void writeReadyMarker(Path file) throws IOException {
        // Written by rename, so that no reader sees a partial number.
        var temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(temporary, Long.toString(ProcessHandle.current().pid()));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void closeQuietly(AutoCloseable service) {
        try {
            service.close();
        } catch (Exception e) {
            System.err.println("the service failed to close: " + e);
        }
    }
}
