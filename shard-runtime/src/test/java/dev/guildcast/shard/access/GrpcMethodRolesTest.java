package dev.guildcast.shard.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GrpcMethodRolesTest {
    /// Every service of the contracts, found among the classes so that none can be forgotten.
    private static Set<String> methodsOfTheContracts() {
        var methods = new TreeSet<String>();
        new ClassFileImporter()
                .withImportOption(location -> location.contains("/v1/")).importPackages("dev.guildcast").stream()
                        .filter(type -> type.getSimpleName().endsWith("Grpc"))
                        .filter(type ->
                                type.tryGetMethod("getServiceDescriptor").isPresent())
                        .map(type -> descriptor(type.reflect()))
                        .flatMap(service -> service.getMethods().stream())
                        .map(MethodDescriptor::getFullMethodName)
                        .forEach(methods::add);
        return methods;
    }

    private static ServiceDescriptor descriptor(Class<?> generated) {
        try {
            return (ServiceDescriptor)
                    generated.getMethod("getServiceDescriptor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void eachMethodOfTheContractsHasARow() {
        var contracts = methodsOfTheContracts();
        assertThat(contracts).hasSizeGreaterThan(15).contains("dev.guildcast.link.v1.SessionHost/Connect");
        assertThat(GrpcMethodRoles.methods()).containsAll(contracts);
    }

    @Test
    void noRowIsLeftOfAMethodThatIsGone() {
        var contracts = methodsOfTheContracts();
        assertThat(GrpcMethodRoles.methods())
                .filteredOn(method -> method.startsWith("dev.guildcast."))
                .allMatch(contracts::contains);
    }

    @Test
    void eachRowHasAServerAndACaller() {
        for (String method : GrpcMethodRoles.methods()) {
            var row = GrpcMethodRoles.row(method).orElseThrow();
            assertThat(row.servers()).as(method).isNotEmpty();
            assertThat(row.callers()).as(method).isNotEmpty();
        }
    }

    @Test
    void whatTakesMostHasTheFewestCallers() {
        assertThat(callers("dev.guildcast.link.v1.SessionHost/Connect")).containsExactly(PeerRole.GATEWAY);
        assertThat(callers("dev.guildcast.voice.v1.Voice/RegisterServer")).containsExactly(PeerRole.VOICE_SERVER);
        assertThat(callers("dev.guildcast.shard.v1.Coordinator/Move")).containsExactly(PeerRole.OPERATOR);
        assertThat(callers("dev.guildcast.event.v1.Ingress/Publish")).containsExactly(PeerRole.PUBLISHER);
        assertThat(GrpcMethodRoles.methods())
                .filteredOn(method -> callers(method).contains(PeerRole.PUBLISHER))
                .containsExactly("dev.guildcast.event.v1.Ingress/Publish");
    }

    @Test
    void aMethodThatNobodyHasWrittenDownHasNoRow() {
        assertThat(GrpcMethodRoles.row("dev.guildcast.link.v1.SessionHost/Steal"))
                .isEmpty();
    }

    private static Set<PeerRole> callers(String method) {
        return GrpcMethodRoles.row(method).orElseThrow().callers();
    }
}
