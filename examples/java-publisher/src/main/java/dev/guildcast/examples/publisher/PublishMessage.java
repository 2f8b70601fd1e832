package dev.guildcast.examples.publisher;

import com.google.protobuf.ByteString;
import dev.guildcast.event.v1.IngressGrpc;
import dev.guildcast.event.v1.PublishRequest;
import dev.guildcast.event.v1.PublishResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Publishes one message over gRPC, and prints where in the log it was appended.
///
///     GUILDCAST_INGRESS_TOKEN=... java ... dev.guildcast.examples.publisher.PublishMessage GUILD CHANNEL TEXT
///
/// A backend keeps one stream open and sends each event as it happens; responses arrive in the same order.
public final class PublishMessage {
    /// The beginning of 2015, from which ids count.
    private static final long EPOCH_MILLIS = 1_420_070_400_000L;
    /// The suite acknowledges within milliseconds; a shard that moves takes some seconds.
    private static final long RESPONSE_TIMEOUT_SECONDS = 10;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'+00:00'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private PublishMessage() {}

    public static void main(String... args) throws InterruptedException {
        Map<String, String> environment = System.getenv();
        String target = environment.getOrDefault("GUILDCAST_INGRESS_GRPC", "127.0.0.1:8083");
        String token = environment.getOrDefault("GUILDCAST_INGRESS_TOKEN", "");
        if (args.length != 3 || token.isEmpty()) {
            System.err.println("usage: GUILDCAST_INGRESS_TOKEN=... PublishMessage GUILD CHANNEL TEXT");
            System.exit(2);
        }
        ManagedChannel channel =
                NettyChannelBuilder.forTarget(target).usePlaintext().build();
        try {
            var headers = new Metadata();
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
            IngressGrpc.IngressStub ingress =
                    IngressGrpc.newStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
            System.exit(publish(ingress, message(args[0], args[1], args[2])) ? 0 : 1);
        } finally {
            channel.shutdownNow();
        }
    }

    private static boolean publish(IngressGrpc.IngressStub ingress, String event) throws InterruptedException {
        var result = new CompletableFuture<PublishResponse>();
        StreamObserver<PublishRequest> requests = ingress.publish(new StreamObserver<>() {
            @Override
            public void onNext(PublishResponse response) {
                result.complete(response);
            }

            @Override
            public void onError(Throwable failure) {
                result.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                result.completeExceptionally(new IllegalStateException("the stream ended without a response"));
            }
        });
        requests.onNext(PublishRequest.newBuilder()
                .setId(1)
                .setEvent(ByteString.copyFromUtf8(event))
                .build());
        try {
            PublishResponse response = result.get(RESPONSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
            requests.onCompleted();
            if (response.hasAccepted()) {
                var accepted = response.getAccepted();
                System.out.println("accepted: " + accepted.getTopic() + ", partition " + accepted.getPartition()
                        + ", offset " + accepted.getOffset());
            } else {
                var rejected = response.getRefused();
                System.out.println("refused: " + rejected.getField() + " " + rejected.getReason());
            }
            return response.hasAccepted();
        } catch (ExecutionException | TimeoutException e) {
            System.err.println("no response from ingress: " + e);
            return false;
        }
    }

    /// The event as clients should receive it, with all fields that libraries expect in a message.
    private static String message(String guild, String channel, String text) {
        Instant now = Instant.now();
        // Ids are snowflakes: milliseconds since 2015 above 22 bits. They travel as strings.
        long id = (now.toEpochMilli() - EPOCH_MILLIS) << 22;
        return String.format(
                Locale.ROOT,
                """
                {"t":"MESSAGE_CREATE","d":{"id":"%s","guild_id":%s,"channel_id":%s,
                "author":{"id":"1300000004202692608","username":"ben","discriminator":"0","avatar":null},
                "member":{"roles":[],"joined_at":"2026-01-05T09:02:00.000000+00:00","deaf":false,"mute":false,"flags":0},
                "content":%s,"timestamp":"%s","edited_timestamp":null,"tts":false,"mention_everyone":false,
                "mentions":[],"mention_roles":[],"attachments":[],"embeds":[],"pinned":false,"type":0,"flags":0}}
                """,
                Long.toUnsignedString(id),
                quoted(guild),
                quoted(channel),
                quoted(text),
                TIME.format(now));
    }

    /// As a JSON string.
    private static String quoted(String text) {
        var json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
