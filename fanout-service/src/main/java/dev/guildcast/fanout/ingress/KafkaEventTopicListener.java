package dev.guildcast.fanout.ingress;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;

/// The function behind the JSON topic: batches of the binder become entries of [EventTopicConsumer].
final class KafkaEventTopicListener implements Consumer<Message<List<byte[]>>> {
    private final EventTopicConsumer topic;

    KafkaEventTopicListener(EventTopicConsumer topic) {
        this.topic = topic;
    }

    @Override
    public void accept(Message<List<byte[]>> batch) {
        List<?> events = batch.getPayload();
        List<?> partitions = header(batch, KafkaHeaders.RECEIVED_PARTITION);
        List<?> offsets = header(batch, KafkaHeaders.OFFSET);
        var entries = new ArrayList<EventTopicConsumer.TopicEvent>(events.size());
        for (int i = 0; i < events.size(); i++) {
            // A record without a value is an invalid event.
            var event = events.get(i) instanceof byte[] bytes ? bytes : new byte[0];
            entries.add(new EventTopicConsumer.TopicEvent((Integer) partitions.get(i), (Long) offsets.get(i), event));
        }
        topic.publish(entries);
    }

    private static List<?> header(Message<?> batch, String name) {
        if (batch.getHeaders().get(name) instanceof List<?> values) {
            return values;
        }
        throw new IllegalStateException("a batch without " + name);
    }
}
