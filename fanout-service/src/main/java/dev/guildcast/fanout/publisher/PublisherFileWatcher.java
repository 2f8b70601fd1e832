package dev.guildcast.fanout.publisher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads the publishers' file, again whenever its content changes: tokens are rotated and revoked without a restart.
///
/// It compares content, since a mounted Secret is replaced behind links whose times say nothing.
///
/// - **Owner:** its thread; [#load] also the one that starts it.
/// - **Bound:** a file of [#BYTES_MAX].
/// - **Promise:** a file that cannot be used is logged once and leaves the former rules in force.
public final class PublisherFileWatcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PublisherFileWatcher.class);
    /// Lists of guilds of all publishers included.
    private static final int BYTES_MAX = 8 << 20;

    private final Path file;
    private final Map<String, PublisherRules> others;
    private final Publishers publishers;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("publishers-file").factory());
    private byte[] loaded = new byte[0];
    private String lastFailure = "";

    /// @param others publishers that the settings name; the file must not name them again
    public PublisherFileWatcher(Path file, Map<String, PublisherRules> others, Publishers publishers) {
        this.file = file;
        this.others = Map.copyOf(others);
        this.publishers = publishers;
    }

    /// @throws IllegalArgumentException if the file cannot be used; the message names it
    public synchronized void load() {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new IllegalArgumentException("is larger than " + BYTES_MAX + " bytes");
            }
            var content = Files.readAllBytes(file);
            if (Arrays.equals(content, loaded)) {
                return;
            }
            var all = new HashMap<>(others);
            PublisherFile.parse(content).forEach((name, rules) -> {
                if (all.putIfAbsent(name, rules) != null) {
                    throw new IllegalArgumentException(
                            "publisher " + name + " is in ingress.tokens, too (expected: in one of them)");
                }
            });
            publishers.replace(all);
            loaded = content;
            log.info("{} publishers are known from ingress.publishers-file {}", all.size(), file);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "ingress.publishers-file " + file + ": "
                            + (e instanceof IOException ? "cannot be read: " + e : e.getMessage()),
                    e);
        }
    }

    /// @param interval between two looks at the file
    public void watch(Duration interval) {
        var unused = timer.scheduleWithFixedDelay(
                this::reload, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void reload() {
        try {
            load();
            lastFailure = "";
        } catch (RuntimeException e) {
            var failure = String.valueOf(e.getMessage());
            if (!failure.equals(lastFailure)) {
                lastFailure = failure;
                log.error(
                        "the publishers stay as they were, revoked tokens included, until it is corrected: {}",
                        failure);
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
