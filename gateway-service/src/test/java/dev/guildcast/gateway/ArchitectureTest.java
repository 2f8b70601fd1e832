package dev.guildcast.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.guildcast.shard.testing.PackageRules;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.guildcast.gateway");
    private static final Set<String> WIRING = Set.of("Configuration");

    @Test
    void packagesAreFreeOfCycles() {
        PackageRules.assertFreeOfCycles(CLASSES, "dev.guildcast.gateway");
    }

    @Test
    void onlyGrpcClassesDependOnGrpc() {
        onlyDependedOnBy("Grpc", "io.grpc", "org.springframework.grpc");
    }

    @Test
    void onlyRedisClassesDependOnRedis() {
        onlyDependedOnBy("Redis", "org.springframework.data.redis", "io.lettuce");
    }

    @Test
    void nothingDependsOnKafka() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "org.springframework.kafka..")
                .check(CLASSES);
    }

    @Test
    void onlyTheSocketPackageDependsOnNetty() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.guildcast.gateway.socket..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "reactor.netty..", "org.springframework.web.reactive.socket..")
                .allowEmptyShould(false)
                .check(CLASSES.that(
                        new com.tngtech.archunit.base.DescribedPredicate<JavaClass>("not the gRPC channels") {
                            @Override
                            public boolean test(JavaClass it) {
                                return !it.getSimpleName().startsWith("Grpc");
                            }
                        }));
    }

    @Test
    void nothingDependsOnOtherServices() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.guildcast.session..",
                        "dev.guildcast.fanout..",
                        "dev.guildcast.presence..",
                        "dev.guildcast.coordinator..")
                .check(CLASSES);
    }

    @Test
    void adaptersAndConfigurationsAreNotPublic() {
        classes()
                .that()
                .haveSimpleNameStartingWith("Grpc")
                .or()
                .haveSimpleNameStartingWith("Redis")
                .or()
                .haveSimpleNameEndingWith("Configuration")
                .should()
                .notBePublic()
                .check(CLASSES);
    }

    @Test
    void nothingIsPublicWithoutNeed() {
        classes()
                .that()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .and()
                .doNotBelongToAnyOf(GatewayApplication.class)
                .should(new ArchCondition<JavaClass>("be used by another package") {
                    @Override
                    public void check(JavaClass each, ConditionEvents events) {
                        boolean used = each.getDirectDependenciesToSelf().stream()
                                .anyMatch(it ->
                                        !it.getOriginClass().getPackageName().equals(each.getPackageName()));
                        if (!used) {
                            events.add(SimpleConditionEvent.violated(
                                    each, each.getName() + " is public and used by its own package only"));
                        }
                    }
                })
                .check(CLASSES);
    }

    private static void onlyDependedOnBy(String prefix, String... packages) {
        classes()
                .should(new ArchCondition<JavaClass>("leave " + String.join(", ", packages) + " to " + prefix + "…") {
                    @Override
                    public void check(JavaClass each, ConditionEvents events) {
                        var outer = each.getName().replaceAll("\\$.*", "");
                        var name = outer.substring(outer.lastIndexOf('.') + 1);
                        if (name.startsWith(prefix) || WIRING.stream().anyMatch(name::endsWith)) {
                            return;
                        }
                        each.getDirectDependenciesFromSelf().stream()
                                .filter(it -> java.util.Arrays.stream(packages)
                                        .anyMatch(it.getTargetClass().getPackageName()::startsWith))
                                .forEach(it -> events.add(SimpleConditionEvent.violated(each, it.getDescription())));
                    }
                })
                .check(CLASSES);
    }
}
