package dev.guildcast.fanout.ingress;

import java.util.Locale;

/// The way an event came.
enum Transport {
    GRPC,
    HTTP,
    TOPIC;

    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
