# SPDX-License-Identifier: Apache-2.0
# Calls with SOAP::Lite as it comes, in its RPC style, see test_client_stacks.py: perl soap_lite.pl
use strict;
use warnings;
use SOAP::Lite;

my $namespace = 'urn:partner.soap.sforce.com';
my $query     = q{SELECT Id, Name FROM Account WHERE Name LIKE 'A & B%'};
my @account   = (SOAP::Data->name(type => 'Account'), SOAP::Data->name(Name => 'Smith & Sons'));
my %calls     = (
    query       => [[$query], '//result/size'],                         # by position
    getUserInfo => [[], '//result/userName'],
    create      => [[SOAP::Data->name(sObjects => \SOAP::Data->value(@account))], '//result/success'],
    logout      => [[], '//nothing'],
    delete      => [[SOAP::Data->name(ids => 'not-an-id')], '//result/success'],
);
my %client;    # one for each location: it keeps its connection
while (my $line = <STDIN>) {
    my ($location, $session, $operation) = split ' ', $line;
    my ($parameters, $path) = @{$calls{$operation}};
    $client{$location} //= SOAP::Lite->uri($namespace)->proxy($location, keep_alive => 1)->on_fault(sub { $_[1] });
    my $header = SOAP::Header->name(SessionHeader => {sessionId => $session})->uri($namespace);
    my $answer = $client{$location}->call($operation, @$parameters, $header);
    if (!ref $answer) {
        print 'no answer: ' . $client{$location}->transport->status . "\n";
    } elsif ($answer->fault) {
        print ref($answer), ' ', $answer->faultcode, ' ', $answer->faultstring, "\n";
    } else {
        print 'ok ', $answer->valueof($path) // '', "\n";
    }
}
