package dev.guildcast.brokers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A real Redis as a child process on the loopback address, without persistence.
///
/// A shell starts a watcher in the background and then becomes the server by `exec`. The watcher reads the pipe that
/// this JVM holds open and kills the server when the pipe ends, so the server ends with this JVM, after `kill -9` too.
///
/// - **Owner:** the caller that started it, one thread at a time.
/// - **Bound:** 256 MB of data; the server rejects more.
/// - **Promise:** when [#start] returns, this server accepts requests at host and port.
public final class EmbeddedRedis implements RedisServer {
    /// Another process may take the free port first; five failures in a row have another cause.
    private static final int PORT_ATTEMPTS_MAX = 5;
    /// Redis starts in milliseconds; a machine busy with a build may take seconds.
    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    /// Another server on the port may accept and never respond; the next probe tries again.
    private static final int PROBE_TIMEOUT_MILLIS = 500;
    private static final String WATCHED_SERVER_SCRIPT =
            "exec 3<&0; (while read -r _ <&3; do :; done; kill -9 $$ 2>/dev/null) & " + "exec \"$@\" 3<&- </dev/null";

    private final Path binary;
    private final Path folder;
    private final Path log;
    private int port;
    private @Nullable Process process;

    private EmbeddedRedis(Path binary, Path folder, int port) {
        this.binary = binary;
        this.folder = folder;
        this.log = folder.resolve("redis.log");
        this.port = port;
    }

    /// Starts an empty server on a free port.
    public static EmbeddedRedis startNew() {
        return startNew(0);
    }

    /// @param port 0 for a free one
    /// @throws IllegalStateException if the port is taken, or there is no Redis for this machine
    public static EmbeddedRedis startNew(int port) {
        var binary = RedisBinary.find(Optional.ofNullable(JvmSetting.of("guildcast.redis.server")));
        var folder = TemporaryFolders.temporary("guildcast-redis-");
        for (int attempt = 1; ; attempt++) {
            var redis = new EmbeddedRedis(binary, folder, port == 0 ? FreePort.find() : port);
            try {
                redis.start();
                return redis;
            } catch (IllegalStateException e) {
                redis.stop();
                if (attempt == PORT_ATTEMPTS_MAX || port != 0) {
                    redis.close();
                    throw e;
                }
            }
        }
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
    }

    /// The process id of the server.
    ///
    /// @throws IllegalStateException if it is stopped
    public long pid() {
        return running().pid();
    }

    /// The exit code of the server's last process; empty while it runs, or if it never ran.
    public OptionalInt exitCode() {
        var last = process;
        return last == null || last.isAlive() ? OptionalInt.empty() : OptionalInt.of(last.exitValue());
    }

    /// Completes when the server's process has ended, for whatever reason.
    public CompletableFuture<Void> onExit() {
        return running().onExit().thenRun(() -> {});
    }

    @Override
    public void start() {
        if (process != null && process.isAlive()) {
            return;
        }
        var command = List.of(
                "/bin/sh",
                "-c",
                WATCHED_SERVER_SCRIPT,
                "redis",
                binary.toString(),
                "--bind",
                host(),
                "--port",
                Integer.toString(port),
                "--dir",
                folder.toString(),
                "--save",
                "",
                "--appendonly",
                "no",
                "--maxmemory",
                "256mb",
                "--daemonize",
                "no");
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + binary, e);
        }
        // The watcher outlives a server that ended by itself; closing the pipe ends it.
        process.onExit().thenAccept(EmbeddedRedis::closePipe);
        awaitReady(process);
    }

    private void awaitReady(Process started) {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!isReady()) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                started.destroyForcibly();
                throw new IllegalStateException("Redis did not start on port " + port + ": " + lastLogLine());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /// Another server may hold the port, so the working directory is compared: it is unique to this server.
    private boolean isReady() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PROBE_TIMEOUT_MILLIS);
            socket.getOutputStream().write("CONFIG GET dir\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            var response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return response.contains(folder.toRealPath().toString());
        } catch (IOException e) {
            return false;
        }
    }

    private String lastLogLine() {
        try {
            return Files.readAllLines(log).stream()
                    .filter(line -> !line.isBlank())
                    .reduce((before, last) -> last)
                    .orElse("its log is empty");
        } catch (IOException e) {
            return "it wrote no log";
        }
    }

    @Override
    public void pause() {
        signal("-STOP");
    }

    @Override
    public void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            int code = new ProcessBuilder("kill", signal, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill " + signal + " failed with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Process running() {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException("Redis on port " + port + " is stopped");
        }
        return process;
    }

    @Override
    public void stop() {
        var stopping = process;
        if (stopping == null) {
            return;
        }
        stopping.destroyForcibly();
        try {
            if (!stopping.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Redis on port " + port + " survived a kill");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        TemporaryFolders.delete(folder);
    }

    private static void closePipe(Process ended) {
        try {
            ended.getOutputStream().close();
        } catch (IOException e) {
            // Closed already.
        }
    }
}
