package dev.guildcast.witness.traffic;

import dev.guildcast.witness.PublishedEvent.IngressOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Publishes events to the JSON topic, as a backend does that uses Kafka only.
///
/// - **Bound:** one batch in flight.
final class KafkaSender implements EventSender {
    /// Longer than a restart of the broker.
    private static final long ACKNOWLEDGEMENT_TIMEOUT_SECONDS = 30;

    private final String topic;
    private final KafkaProducer<String, byte[]> producer;

    KafkaSender(PublishTarget target) {
        topic = target.topic();
        var settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, target.kafka());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "30000");
        producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public List<IngressOutcome> send(String publisher, List<PlannedEvent> events)
            throws UnacknowledgedException, InterruptedException {
        var acknowledgements = new ArrayList<Future<RecordMetadata>>();
        try {
            for (PlannedEvent event : events) {
                byte[] value = EventJson.of(event, publisher).toString().getBytes(StandardCharsets.UTF_8);
                Future<RecordMetadata> acknowledgement =
                        producer.send(new ProducerRecord<>(topic, event.guildId(), value));
                if (acknowledgement.isDone()) {
                    // Without metadata it fails at once; later events must not be written before it has been resent.
                    acknowledgement.get();
                }
                acknowledgements.add(acknowledgement);
            }
            for (Future<RecordMetadata> acknowledgement : acknowledgements) {
                acknowledgement.get(ACKNOWLEDGEMENT_TIMEOUT_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new UnacknowledgedException(e.toString());
        }
        return Collections.nCopies(events.size(), IngressOutcome.ACCEPTED);
    }

    /// The JSON topic is consumed and its events appended to the logs later.
    @Override
    public boolean confirmsAppend() {
        return false;
    }

    @Override
    public void close() {
        producer.close();
    }
}
