package dev.guildcast.fanout.ingress;

import dev.guildcast.fanout.publisher.PublisherFile;
import dev.guildcast.fanout.publisher.PublisherFileWatcher;
import dev.guildcast.fanout.publisher.PublisherRules;
import dev.guildcast.fanout.publisher.Publishers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads the publishers of the settings and of their file, which it watches until it is closed.
final class PublisherLoading implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PublisherLoading.class);

    private final @Nullable PublisherFileWatcher watcher;

    /// @throws IllegalArgumentException if the settings or the file are invalid; the message contains no token
    PublisherLoading(Publishers publishers, IngressProperties properties) {
        var settings = settings(properties.tokens());
        var file = properties.publishersFile();
        if (file == null) {
            publishers.replace(settings);
            watcher = null;
        } else {
            var watching = new PublisherFileWatcher(file, settings, publishers);
            watching.load();
            watching.watch(properties.publishersInterval());
            watcher = watching;
        }
        if (publishers.isEmpty()) {
            log.warn("there are no publishers: without ingress.tokens or ingress.publishers-file, HTTP and gRPC reject"
                    + " everybody");
        }
    }

    private static Map<String, PublisherRules> settings(Map<String, String> tokens) {
        var rules = new LinkedHashMap<String, PublisherRules>();
        tokens.forEach((name, digests) -> {
            try {
                rules.put(name, PublisherFile.unrestricted(digests));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("ingress.tokens." + name + ": " + e.getMessage(), e);
            }
        });
        return rules;
    }

    @Override
    public void close() {
        if (watcher != null) {
            watcher.close();
        }
    }
}
