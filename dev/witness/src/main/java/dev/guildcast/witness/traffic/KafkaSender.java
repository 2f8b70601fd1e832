package dev.guildcast.witness.traffic;

import dev.guildcast.witness.Publication.Outcome;
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

/// Writes events to the JSON topic, as a backend does that speaks Kafka and knows nothing else.
///
/// - **Bound:** one batch in flight.
final class KafkaSender implements EventSender {
    private static final long ANSWER_SECONDS = 30;

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
    public List<Outcome> send(String publisher, List<PlannedEvent> events) throws Unanswered, InterruptedException {
        var answers = new ArrayList<Future<RecordMetadata>>();
        try {
            for (PlannedEvent event : events) {
                byte[] value = EventText.of(event, publisher).toString().getBytes(StandardCharsets.UTF_8);
                Future<RecordMetadata> answer = producer.send(new ProducerRecord<>(topic, event.guildId(), value));
                if (answer.isDone()) {
                    // Without metadata it fails at once; what follows must not be written before it is sent again.
                    answer.get();
                }
                answers.add(answer);
            }
            for (Future<RecordMetadata> answer : answers) {
                answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new Unanswered(e.toString());
        }
        return Collections.nCopies(events.size(), Outcome.ACCEPTED);
    }

    /// The topic is read and published into the logs afterwards.
    @Override
    public boolean answersFromItsLog() {
        return false;
    }

    @Override
    public void close() {
        producer.close();
    }
}
