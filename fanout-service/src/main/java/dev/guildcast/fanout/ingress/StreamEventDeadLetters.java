package dev.guildcast.fanout.ingress;

import java.nio.charset.StandardCharsets;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.messaging.support.MessageBuilder;

/// Writes dead letters through the binding `ingress-dead-letters`, synchronously.
final class StreamEventDeadLetters implements EventDeadLetters {
    static final String BINDING = "ingress-dead-letters";
    /// A larger event is left out of its letter, which then holds only position and reason: no event but a whole guild
    /// may be larger, and its publisher has it.
    private static final int LETTER_BYTES_MAX = 1 << 20;

    private final StreamBridge bridge;

    StreamEventDeadLetters(StreamBridge bridge) {
        this.bridge = bridge;
    }

    @Override
    public void accept(int partition, long offset, String reason, byte[] event) {
        var letter = MessageBuilder.withPayload(event.length > LETTER_BYTES_MAX ? new byte[0] : event)
                .setHeader("source", utf8(PublisherTokens.TOPIC_PUBLISHER + "/" + partition))
                .setHeader("offset", utf8(Long.toString(offset)))
                .setHeader("reason", utf8(reason))
                .build();
        if (!bridge.send(BINDING, letter)) {
            throw new EventAppender.LogUnavailable("the dead letter was not written");
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
