<?php
// SPDX-License-Identifier: Apache-2.0
// Calls with PHP's own SOAP client, see client_stacks.py: php php_calls.php WSDL
const QUERY = "SELECT Id, Name FROM Account WHERE Name LIKE 'A & B%'";
$client = new SoapClient($argv[1], ['cache_wsdl' => WSDL_CACHE_NONE, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
preg_match('/definitions[^>]* targetNamespace="([^"]*)"/', file_get_contents($argv[1]), $found);
$namespace = $found[1];
$account = str_contains($namespace, 'partner')
    ? (object) ['type' => 'Account', 'any' => '<Name>Smith &amp; Sons</Name>']
    : new SoapVar(['Name' => 'Smith & Sons'], SOAP_ENC_OBJECT, 'Account', 'urn:sobject.enterprise.soap.sforce.com');
while ($line = fgets(STDIN)) {
    [$location, $session, $operation, $password] = [...explode(' ', trim($line)), null];
    if ($session === '-') {
        [$location, $session] = [$login->serverUrl, $login->sessionId];
    }
    $client->__setLocation($location);
    $header = new SoapHeader($namespace, 'SessionHeader', ['sessionId' => $session]);
    $client->__setSoapHeaders($password === null ? $header : null);
    try {
        if ($password !== null) {
            $login = $client->login(['username' => $session, 'password' => $password])->result;
            echo "ok $login->serverUrl\n";
            continue;
        }
        $value = match ($operation) {
            'query' => $client->query(['queryString' => QUERY])->result->size,
            'getUserInfo' => $client->getUserInfo()->result->userName,
            'create' => json_encode($client->create(['sObjects' => [$account]])->result[0]->success),
            'logout' => json_encode($client->logout()),
            'delete' => json_encode($client->delete(['ids' => ['not-an-id']])),
        };
        echo "ok $value\n";
    } catch (SoapFault $fault) {
        echo get_class($fault), ' ', $fault->faultcode, ' ', $fault->getMessage(), "\n";
    }
}
