package dev.guildcast.fanout.ingress;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;

/// The function behind the JSON topic: batches of the binder become entries of [EventTopicConsumer].
final class KafkaEventTopicListener implements Consumer<Message<List<byte[]>>> {
    /// The publisher that has written a record.
    static final String PRINCIPAL = "principal";

    private final EventTopicConsumer topic;

    KafkaEventTopicListener(EventTopicConsumer topic) {
        this.topic = topic;
    }

    @Override
    public void accept(Message<List<byte[]>> batch) {
        List<?> events = batch.getPayload();
        List<?> partitions = header(batch, KafkaHeaders.RECEIVED_PARTITION);
        List<?> offsets = header(batch, KafkaHeaders.OFFSET);
        // What Kafka's own headers are converted to, one map a record.
        var converted = batch.getHeaders().get(KafkaHeaders.BATCH_CONVERTED_HEADERS);
        var entries = new ArrayList<EventTopicConsumer.TopicEvent>(events.size());
        for (int i = 0; i < events.size(); i++) {
            // A record without a value is an invalid event.
            var event = events.get(i) instanceof byte[] bytes ? bytes : new byte[0];
            entries.add(new EventTopicConsumer.TopicEvent(
                    (Integer) partitions.get(i), (Long) offsets.get(i), principal(converted, i), event));
        }
        topic.publish(entries);
    }

    /// A record that names several principals names none.
    private static String principal(@Nullable Object converted, int index) {
        if (!(converted instanceof List<?> all) || !(all.get(index) instanceof Map<?, ?> headers)) {
            return "";
        }
        var principal = headers.get(PRINCIPAL);
        if (principal instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        return principal instanceof String text ? text : "";
    }

    private static List<?> header(Message<?> batch, String name) {
        if (batch.getHeaders().get(name) instanceof List<?> values) {
            return values;
        }
        throw new IllegalStateException("a batch without " + name);
    }
}
