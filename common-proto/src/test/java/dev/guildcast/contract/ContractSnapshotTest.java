package dev.guildcast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.guildcast.audience.v1.ExplainRequest;
import dev.guildcast.audience.v1.Subscribe;
import dev.guildcast.delivery.v1.SessionLifecycle;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.GuildStateEntity;
import dev.guildcast.event.v1.PublishRequest;
import dev.guildcast.event.v1.UserRecord;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.presence.v1.PresenceStatesGrpc;
import dev.guildcast.shard.v1.Claim;
import dev.guildcast.shard.v1.CoordinatorGrpc;
import dev.guildcast.voice.v1.VoiceGrpc;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Compares the contracts with those of the last release: what the snapshot contains must never change.
///
/// Additions pass. A release adds them to the snapshot:
/// `./mvnw -pl common-proto test -Dtest=ContractSnapshotTest -Dguildcast.regenerate=true`.
class ContractSnapshotTest {
    private static final Path SNAPSHOT = Path.of("src/test/resources/contracts-v1.txt");

    private static final List<FileDescriptor> FILES = List.of(
            GuildRecord.getDescriptor().getFile(),
            GuildStateEntity.getDescriptor().getFile(),
            UserRecord.getDescriptor().getFile(),
            PublishRequest.getDescriptor().getFile(),
            Subscribe.getDescriptor().getFile(),
            ExplainRequest.getDescriptor().getFile(),
            SessionRecord.getDescriptor().getFile(),
            SessionLifecycle.getDescriptor().getFile(),
            GatewayMessage.getDescriptor().getFile(),
            Claim.getDescriptor().getFile(),
            file(CoordinatorGrpc.getServiceDescriptor()),
            file(PresenceStatesGrpc.getServiceDescriptor()),
            file(VoiceGrpc.getServiceDescriptor()));

    @Test
    void nothingThatWasReleasedIsRenamedRenumberedRetypedOrReused() throws IOException {
        var now = new TreeSet<String>();
        FILES.forEach(file -> describe(file.toProto(), now));
        if (Boolean.getBoolean("guildcast.regenerate")) {
            Files.write(SNAPSHOT, now);
        }
        assertThat(now)
                .as("v1 never breaks: add fields with new numbers, reserve those that go out of use")
                .containsAll(Files.readAllLines(SNAPSHOT));
    }

    private static FileDescriptor file(ServiceDescriptor service) {
        var supplier = (ProtoFileDescriptorSupplier) Objects.requireNonNull(service.getSchemaDescriptor());
        return supplier.getFileDescriptor();
    }

    private static void describe(FileDescriptorProto file, TreeSet<String> lines) {
        file.getMessageTypeList().forEach(message -> describe(file.getPackage(), message, lines));
        file.getEnumTypeList().forEach(type -> describe(file.getPackage(), type, lines));
        for (var service : file.getServiceList()) {
            for (var method : service.getMethodList()) {
                lines.add("rpc %s.%s.%s(%s%s) returns (%s%s)"
                        .formatted(
                                file.getPackage(),
                                service.getName(),
                                method.getName(),
                                method.getClientStreaming() ? "stream " : "",
                                method.getInputType(),
                                method.getServerStreaming() ? "stream " : "",
                                method.getOutputType()));
            }
        }
    }

    private static void describe(String scope, DescriptorProto message, TreeSet<String> lines) {
        var name = scope + "." + message.getName();
        lines.add("message " + name);
        for (var field : message.getFieldList()) {
            lines.add("field %s.%s = %d %s %s"
                    .formatted(name, field.getName(), field.getNumber(), kind(field), containerOf(message, field)));
        }
        message.getReservedRangeList()
                .forEach(
                        range -> lines.add("reserved %s %d..%d".formatted(name, range.getStart(), range.getEnd() - 1)));
        message.getReservedNameList().forEach(reserved -> lines.add("reserved " + name + " " + reserved));
        message.getNestedTypeList().forEach(nested -> describe(name, nested, lines));
        message.getEnumTypeList().forEach(type -> describe(name, type, lines));
    }

    private static String kind(FieldDescriptorProto field) {
        var repeated = field.getLabel() == FieldDescriptorProto.Label.LABEL_REPEATED ? "repeated " : "";
        return repeated
                + (field.hasTypeName() ? field.getTypeName() : field.getType().name());
    }

    private static String containerOf(DescriptorProto message, FieldDescriptorProto field) {
        if (field.getProto3Optional()) {
            return "optional";
        }
        return field.hasOneofIndex()
                ? "in " + message.getOneofDecl(field.getOneofIndex()).getName()
                : "";
    }

    private static void describe(String scope, EnumDescriptorProto type, TreeSet<String> lines) {
        type.getValueList()
                .forEach(value -> lines.add(
                        "enum %s.%s %s = %d".formatted(scope, type.getName(), value.getName(), value.getNumber())));
    }
}
